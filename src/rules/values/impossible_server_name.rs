use crate::argument::server_name::ServerName;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `ServerName` has characters that no host's name has.
    ///
    /// ## What httpd does
    ///
    /// It takes everything between the scheme and the port for the name, a path and a comma, too.
    ///
    /// ## Why it matters
    ///
    /// No request asks for that host, so another virtual host answers. The name also stands in the
    /// redirects that httpd makes by itself.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName http://shop.example/
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName store.example,www.store.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName store.example
    ///     ServerAlias www.store.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for slashes, commas, semicolons, `@` and blanks. A scheme before the name is right
    /// where another server ends TLS, and underscores are used.
    pub static RULE = {
        id: "impossible-server-name",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["ServerName"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let name = ServerName::parse(line.arguments());
    let is_impossible = name.host.contains(['/', ',', ';', '@', ' ']);
    // What is left of an undefined `${NAME}` is told elsewhere.
    if !is_impossible || name.host.contains("${") {
        return;
    }
    let message = format!("no host is called `{}`", name.host);
    let span = line.argument_span(name.word.range);
    let finding = report.at(placed.at(span), message);
    if name.host.contains(',') {
        finding.help("name the others in `ServerAlias`, with blanks between them");
    } else if name.host.contains('/') {
        finding.help("a path has no place in `ServerName`");
    }
}
