-- Neovim before 0.8 starts a server in two steps, and looks for no folder.
if not vim.lsp.start then
  vim.fs = {
    dirname = function(path)
      return path and vim.fn.fnamemodify(path, ':h')
    end,
    find = function(names, options)
      for _, name in ipairs(names) do
        local found = vim.fn.findfile(name, options.path .. ';')
        if found ~= '' then
          return { vim.fn.fnamemodify(found, ':p') }
        end
      end
      return {}
    end,
  }
  vim.lsp.start = function(config)
    local client = vim.lsp.start_client(config)
    vim.lsp.buf_attach_client(0, client)
    return client
  end
end
