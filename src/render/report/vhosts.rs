//! `-D DUMP_VHOSTS`: the virtual hosts by their addresses.

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::{Style, UNKNOWN, VERSION, json};
use crate::evaluate::Config;
use crate::model::servers::{Address, AddressSet, Host, Port, Server, ServerId, Servers};

/// Writes the virtual hosts of a configuration.
pub fn vhosts(
    config: &Config,
    servers: &Servers,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if style.json {
        return json(&VhostsJson::of(config, servers, style), out);
    }
    writeln!(out, "VirtualHost configuration:")?;
    let sets = servers.address_sets();
    let (of_addresses, of_any) = sets.split_at(sets.partition_point(|it| it.host != Host::Any));
    for set in of_addresses {
        write_set(servers, set, out)?;
    }
    for (server, address) in unknown_addresses(servers) {
        let column = format!("{}:{}", address.host, address.port);
        let (name, written) = (said(server), visible(&address.written));
        writeln!(out, "{column:<22} {name}, declared for {written}")?;
    }
    for set in of_any {
        write_set(servers, set, out)?;
    }
    Ok(())
}

fn write_set(servers: &Servers, set: &AddressSet, out: &mut dyn Write) -> io::Result<()> {
    let column = format!("{}:{}", set.host, set.port);
    let Some(default) = set.members.first().map(|it| servers.get(*it)) else {
        return Ok(());
    };
    if !set.is_name_based() {
        return writeln!(out, "{column:<22} {}", said(default));
    }
    writeln!(out, "{column:<22} is a NameVirtualHost")?;
    writeln!(out, "         default server {}", said(default))?;
    for id in &set.members {
        let server = servers.get(*id);
        writeln!(out, "         port {} namevhost {}", set.port, said(server))?;
        for name in &server.aliases {
            writeln!(out, "                 alias {}", visible(name))?;
        }
        for name in &server.wild_aliases {
            writeln!(out, "                 wild alias {}", visible(name))?;
        }
    }
    Ok(())
}

// Its name, and where it is.
fn said(server: &Server) -> String {
    let name = server.name.as_deref().unwrap_or(UNKNOWN);
    let (name, file) = (visible(name), visible(&server.file));
    format!("{name} ({file}:{})", server.line)
}

// httpd asks a resolver for them, or the machine for its interfaces.
fn unknown_addresses(servers: &Servers) -> impl Iterator<Item = (&Server, &Address)> {
    let all = servers.virtual_hosts();
    let all = all.flat_map(|(_, server)| server.addresses.iter().map(move |it| (server, it)));
    all.filter(|(_, it)| it.host == Host::Unknown || it.port == Port::Unknown)
}

#[derive(Serialize)]
struct VhostsJson<'a> {
    version: u32,
    servers: Vec<ServerJson<'a>>,
    address_sets: Vec<SetJson>,
}

#[derive(Serialize)]
struct ServerJson<'a> {
    name: Option<&'a str>,
    scheme: Option<&'a str>,
    port: String,
    addresses: Vec<AddressJson<'a>>,
    aliases: &'a [String],
    wild_aliases: &'a [String],
    path: Option<&'a str>,
    file: Option<String>,
    line: Option<u32>,
    httpd: Option<PlaceJson<'a>>,
    certain: bool,
}

#[derive(Serialize)]
struct AddressJson<'a> {
    host: String,
    port: String,
    written: &'a str,
}

#[derive(Serialize)]
struct PlaceJson<'a> {
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct SetJson {
    host: String,
    port: String,
    name_based: bool,
    members: Vec<usize>,
}

impl<'a> VhostsJson<'a> {
    fn of(config: &Config, servers: &'a Servers, style: &Style<'_>) -> Self {
        let ids = (0..servers.all.len()).map(ServerId);
        let sets = servers.address_sets().iter();
        Self {
            version: VERSION,
            servers: ids
                .map(|it| server(config, servers.get(it), style))
                .collect(),
            address_sets: sets.map(set).collect(),
        }
    }
}

fn server<'a>(config: &Config, server: &'a Server, style: &Style<'_>) -> ServerJson<'a> {
    let span = server.section.map(|it| config.placed(it).site().span);
    ServerJson {
        name: server.name.as_deref(),
        scheme: server.scheme.as_deref(),
        port: server.port.to_string(),
        addresses: server.addresses.iter().map(address).collect(),
        aliases: &server.aliases,
        wild_aliases: &server.wild_aliases,
        path: server.path.as_deref(),
        file: span.map(|it| (style.display)(config.sources.get(it.file).name())),
        line: span.map(|it| config.sources.start(it).line),
        httpd: server.section.map(|_| PlaceJson {
            file: &server.file,
            line: server.line,
        }),
        certain: server.certain,
    }
}

fn address(address: &Address) -> AddressJson<'_> {
    AddressJson {
        host: address.host.to_string(),
        port: address.port.to_string(),
        written: &address.written,
    }
}

fn set(set: &AddressSet) -> SetJson {
    SetJson {
        host: set.host.to_string(),
        port: set.port.to_string(),
        name_based: set.is_name_based(),
        members: set.members.iter().map(|it| it.0).collect(),
    }
}
