// Starts `httpd-lint lsp` for files of Apache httpd, and shows what its commands say.
'use strict';

const vscode = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

const SECTION = 'httpd-lint';
let client;

function settings() {
  return vscode.workspace.getConfiguration(SECTION);
}

function start() {
  const program = { command: settings().get('path'), args: ['lsp'], transport: TransportKind.stdio };
  client = new LanguageClient(SECTION, 'httpd-lint', program, {
    documentSelector: [{ scheme: 'file', language: 'apacheconf' }],
    initializationOptions: settings(),
    synchronize: { configurationSection: SECTION },
  });
  return client.start();
}

async function show(text, language) {
  const document = await vscode.workspace.openTextDocument({ content: text, language });
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
}

// The answer of a command of the server about the document in the front.
async function ask(command, ...more) {
  const editor = vscode.window.activeTextEditor;
  if (!client || !editor) {
    return undefined;
  }
  const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
  return client.sendRequest('workspace/executeCommand', { command, arguments: [uri, ...more] });
}

async function showRequest() {
  const url = await vscode.window.showInputBox({ prompt: 'URL', value: 'http://localhost/' });
  const text = url && (await ask('httpd-lint.request', url));
  if (text) {
    await show(text, 'plaintext');
  }
}

async function activate(context) {
  const commands = {
    'httpd-lint.restart': () => (client ? client.restart() : start()),
    'httpd-lint.showIncludes': async () => {
      const text = await ask('httpd-lint.includes');
      if (text) {
        await show(text, 'plaintext');
      }
    },
    'httpd-lint.showRequest': showRequest,
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  }
  await start();
  // The client itself offers the commands of the server; the page of a rule is shown here.
  client.middleware.executeCommand = async (command, given, next) => {
    const answer = await next(command, given);
    if (command === 'httpd-lint.explain' && answer) {
      await show(answer, 'markdown');
    }
    return answer;
  };
}

function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
