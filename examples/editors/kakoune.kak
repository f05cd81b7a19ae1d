# In kakrc.
evaluate-commands %sh{ kak-lsp }

hook global BufCreate .*(/(apache2|httpd)/.*\.conf|/(httpd|apache2)\.conf|/sites-(available|enabled)/[^/]*|/\.htaccess) %{
    set-option buffer filetype apache
}
hook -group lsp-filetype-apache global BufSetOption filetype=apache %{
    set-option buffer lsp_servers %{
        [httpd-lint]
        root_globs = ["httpd-lint.toml", "apache2.conf", "httpd.conf"]
        args = ["lsp"]
        settings_section = "httpd-lint"
        [httpd-lint.settings.httpd-lint]
        facts = ["debian-12"]
    }
}
hook global WinSetOption filetype=apache %{
    lsp-enable-window
}
