use crate::argument::section::Section;
use crate::argument::virtual_host::addresses;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The address of a virtual host is a name.
    ///
    /// ## What httpd does
    ///
    /// It asks a name server for the address when it starts. Where there is no answer, it goes on without:
    /// `AH00547: Could not resolve host name`.
    ///
    /// ## Why it matters
    ///
    /// After a start without a name server, requests for the site are answered by another virtual host, or by
    /// one that nobody meant. Which virtual host answers should depend on the name that is asked for: that is
    /// `ServerName`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost shop.example:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. `localhost` is the same address everywhere, and is not looked at.
    pub static RULE = {
        id: "host-name-as-address",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<VirtualHost"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let section = Section::parse(line.arguments());
    for address in addresses(&section) {
        let host = &address.host;
        let has_letter = host.bytes().any(|it| it.is_ascii_alphabetic());
        let is_special = ["_default_", "localhost"]
            .iter()
            .any(|it| host.eq_ignore_ascii_case(it));
        if has_letter && !is_special && !host.contains([':', '$', '*', '%']) {
            let span = line.argument_span(address.word.range.clone());
            let message = format!("which address `{host}` has is asked when httpd starts");
            let finding = report.at(placed.at(span), message);
            finding.help("write `*`, and the name as `ServerName`");
        }
    }
}
