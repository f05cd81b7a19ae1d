-- What a person does in Neovim: open a file, look at what is found, take the first fix. What happens is
-- written to the file that OUTPUT names, line by line.

dofile(os.getenv('OLDER'))

local lines = {}
local function say(line)
  table.insert(lines, line)
end

local function finish(code)
  vim.fn.writefile(lines, os.getenv('OUTPUT'))
  vim.cmd(code == 0 and 'qall!' or 'cquit!')
end

dofile(os.getenv('SNIPPET'))
vim.cmd('edit ' .. os.getenv('FILE'))
if vim.bo.filetype ~= 'apache' then
  vim.cmd('set filetype=apache')
end
local found = vim.wait(30000, function()
  return #vim.diagnostic.get(0) > 0
end)
if not found then
  say('nothing is found')
  finish(1)
end
for _, it in ipairs(vim.diagnostic.get(0)) do
  say(('%d:%d %s'):format(it.lnum + 1, it.col + 1, it.message:match('[^\n]*')))
end

local first = vim.diagnostic.get(0)[1]
vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
local parameters = vim.lsp.util.make_range_params()
parameters.context = { diagnostics = {} }
local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', parameters, 30000) or {}
for id, answer in pairs(answers) do
  for _, action in ipairs(answer.result or {}) do
    if action.isPreferred or (action.edit and action.kind == 'quickfix') then
      say(action.title)
      local client = vim.lsp.get_client_by_id(id)
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
      break
    end
  end
end
local gone = vim.wait(30000, function()
  return #vim.diagnostic.get(0) == 0
end)
say(gone and 'nothing is found any more' or 'something is still found')
for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
  say(line)
end
finish(0)
