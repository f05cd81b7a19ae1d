//! Who the client says it is (`Authorization: Basic`), and whether the file of passwords agrees.

use super::pass::Pass;
use crate::evaluate::paths;
use crate::model::layers::words_of;
use crate::model::{Doubt, Known};

/// What comes of a client's name and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Identity {
    /// None were sent, or not in the way that is asked for.
    Nobody,
    /// The password is right.
    User(String),
    /// The name or the password is wrong.
    Rejected,
    /// httpd cannot tell, and answers with 500.
    Broken,
}

impl Pass<'_> {
    /// Who the client is (mod_auth_basic with mod_authn_file).
    pub(super) fn identity(&self) -> Known<Identity> {
        let Some(sent) = self.request.header("Authorization") else {
            return Ok(Identity::Nobody);
        };
        let (scheme, rest) = sent.split_once(' ').unwrap_or((sent, ""));
        if !scheme.eq_ignore_ascii_case("basic") {
            return Ok(Identity::Nobody);
        }
        let undecided = |why: &str| Doubt::new(why).between(["granted", "401", "403"]);
        let decoded = decoded(rest.trim()).unwrap_or_default();
        let decoded = String::from_utf8_lossy(&decoded).into_owned();
        let (name, password) = decoded.split_once(':').unwrap_or((&decoded, ""));
        let providers = self.layers.last("AuthBasicProvider")?;
        let providers = providers.map(|it| words_of(&it)).unwrap_or_default();
        let is_file = providers.iter().all(|it| it.eq_ignore_ascii_case("file"));
        let is_loaded = self.httpd.has("authn_file_module")?;
        if !is_file || !is_loaded || self.layers.last("AuthBasicFake")?.is_some() {
            return Err(undecided("a provider of passwords decides who the user is"));
        }
        let Some(file) = self.layers.word("AuthUserFile")? else {
            return Ok(Identity::Broken);
        };
        let root = self.httpd.modules.server_root().unwrap_or("/");
        let file = paths::resolve(root, &file);
        let is_final = !self
            .layers
            .word("AuthBasicAuthoritative")?
            .is_some_and(|it| it.eq_ignore_ascii_case("off"));
        let bytes = match self.httpd.world().read(&file) {
            Ok(bytes) => bytes,
            Err(crate::world::ReadError::Unknown) => return Err(super::unseen(&file)),
            Err(_) => return Ok(Identity::Broken),
        };
        let text = String::from_utf8_lossy(&bytes);
        let hash = text.lines().find_map(|line| {
            let (user, hash) = line.split_once(':')?;
            (user == name && !line.starts_with('#')).then(|| hash.split(':').next())?
        });
        let Some(hash) = hash else {
            // With nobody else to ask, `AuthBasicAuthoritative Off` is a mistake.
            return Ok(match is_final {
                true => Identity::Rejected,
                false => Identity::Broken,
            });
        };
        match hash.trim().strip_prefix("{SHA}").and_then(self::decoded) {
            Some(digest) => Ok(match digest == sha1(password.as_bytes()) {
                true => Identity::User(name.to_owned()),
                false => Identity::Rejected,
            }),
            None => Err(undecided("whether the password is right is not looked at")),
        }
    }

    /// Whether a user belongs to a group of `AuthGroupFile`.
    pub(super) fn is_in_group(&self, user: &str, groups: &[String]) -> Known<bool> {
        let Some(file) = self.layers.word("AuthGroupFile")? else {
            return Ok(false);
        };
        let file = self.httpd.resolve(&file);
        let bytes = self.httpd.world().read(&file);
        let bytes = bytes.map_err(|_| super::unseen(&file))?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().any(|line| {
            line.split_once(':').is_some_and(|(group, members)| {
                groups.iter().any(|it| it == group.trim())
                    && members.split_whitespace().any(|it| it == user)
            })
        }))
    }
}

// Base64.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut width) = (0_u32, 0_u32);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        width += 6;
        if width >= 8 {
            width -= 8;
            bytes.push((bits >> width & 0xff) as u8);
        }
    }
    Some(bytes)
}

// SHA-1, in which `htpasswd -s` keeps passwords (FIPS 180-4).
fn sha1(message: &[u8]) -> Vec<u8> {
    let mut state: [u32; 5] = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks_exact(64) {
        let mut words: Vec<u32> = block
            .chunks_exact(4)
            .map(|it| it.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)))
            .collect();
        for at in 16..80 {
            let mixed = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
            words.push(mixed.rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.iter().enumerate() {
            let (choice, constant) = match at / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999_u32),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let next = a
                .rotate_left(5)
                .wrapping_add(choice)
                .wrapping_add(e)
                .wrapping_add(constant)
                .wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, value) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(value);
        }
    }
    state.iter().flat_map(|it| it.to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::{decoded, sha1};

    #[test]
    fn a_password_is_kept_as_its_digest() {
        let digest = decoded("qUqP5cyxm6YcTAhz05Hph5gvu9M=").unwrap();
        assert_eq!(sha1(b"test"), digest);
        let long = [b'a'; 200];
        assert_eq!(sha1(&long).len(), 20);
        assert_eq!(decoded("YTpi"), Some(b"a:b".to_vec()));
        assert_eq!(decoded("?"), None);
    }
}
