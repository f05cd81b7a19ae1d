-- In init.lua. Neovim calls the files `apache`.
vim.api.nvim_create_autocmd('FileType', {
  pattern = 'apache',
  callback = function(event)
    vim.lsp.start({
      name = 'httpd-lint',
      cmd = { 'httpd-lint', 'lsp' },
      root_dir = vim.fs.dirname(vim.fs.find(
        { 'httpd-lint.toml', 'apache2.conf', 'httpd.conf' },
        { upward = true, path = vim.fs.dirname(event.file) }
      )[1]),
      init_options = { facts = { 'debian-12' } },
    })
  end,
})
