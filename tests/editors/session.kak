# What a person does in Kakoune: open a file, and look at what is found. What happens is written to the
# file that OUTPUT names.

evaluate-commands %sh{ echo "source '$SNIPPET'" }

define-command tell %{
    evaluate-commands %sh{
        if [ "$kak_opt_lsp_diagnostic_warning_count" -gt 0 ]; then
            echo "$kak_opt_lsp_diagnostic_error_count errors, $kak_opt_lsp_diagnostic_warning_count warning" >"$OUTPUT"
            echo kill
        fi
    }
}

evaluate-commands %sh{ echo "edit '$FILE'" }
nop %sh{
    (
        for _ in $(seq 300); do
            sleep 0.1
            echo 'evaluate-commands -client client0 tell' | kak -p "$kak_session" || exit
        done
        echo 'kill 1' | kak -p "$kak_session"
    ) >/dev/null 2>&1 </dev/null &
}
