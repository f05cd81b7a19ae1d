// What a person does in Visual Studio Code: open a file, and call the commands of the extension. The
// extension is the real one and so is the server; the editor around it and its client are stand-ins that
// do what the extension asks of them. What happens is written to the file that OUTPUT names.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const file = process.env.FILE;
const lines = [];
const commands = new Map();
let answerOfInput;

const document = { uri: { toString: () => pathToFileURL(file).href } };

const vscode = {
  ViewColumn: { Beside: -2 },
  commands: {
    registerCommand: (name, run) => {
      commands.set(name, run);
      return { dispose: () => commands.delete(name) };
    },
  },
  window: {
    activeTextEditor: { document },
    showInputBox: async () => answerOfInput,
    showTextDocument: async (shown) => lines.push(`shown as ${shown.language}:`, shown.content.trimEnd()),
  },
  workspace: {
    getConfiguration: () => ({ get: (key) => ({ path: 'httpd-lint' })[key], inlayHints: false, codeLenses: false }),
    openTextDocument: async (made) => made,
  },
};

class LanguageClient {
  constructor(id, name, program, options) {
    Object.assign(this, { program, options, next: 0, waiting: new Map(), middleware: {} });
    this.code2ProtocolConverter = { asUri: (uri) => uri.toString() };
  }

  async start() {
    this.server = spawn(this.program.command, this.program.args, { stdio: ['pipe', 'pipe', 'ignore'] });
    let bytes = Buffer.alloc(0);
    this.server.stdout.on('data', (more) => {
      bytes = Buffer.concat([bytes, more]);
      for (;;) {
        const end = bytes.indexOf('\r\n\r\n');
        const length = end < 0 ? NaN : Number(/Content-Length: (\d+)/.exec(bytes.subarray(0, end))[1]);
        if (!(bytes.length >= end + 4 + length)) {
          return;
        }
        this.hear(JSON.parse(bytes.subarray(end + 4, end + 4 + length)));
        bytes = bytes.subarray(end + 4 + length);
      }
    });
    const folder = { uri: pathToFileURL(path.dirname(file)).href, name: 'folder' };
    await this.sendRequest('initialize', {
      processId: null,
      capabilities: {},
      workspaceFolders: [folder],
      initializationOptions: this.options.initializationOptions,
    });
    this.send({ method: 'initialized', params: {} });
    const text = fs.readFileSync(file, 'utf8');
    const textDocument = { uri: document.uri.toString(), languageId: 'apacheconf', version: 1, text };
    this.send({ method: 'textDocument/didOpen', params: { textDocument } });
    lines.push('the server is started');
  }

  hear(message) {
    const answer = message.method === undefined && this.waiting.get(message.id);
    if (answer) {
      answer(message.result);
    }
  }

  send(message) {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  sendRequest(method, params) {
    this.next += 1;
    const id = this.next;
    this.send({ id, method, params });
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  async stop() {
    await this.sendRequest('shutdown');
    const ended = new Promise((resolve) => this.server.on('exit', resolve));
    this.send({ method: 'exit' });
    lines.push(`the server ended with ${await ended}`);
  }

  async restart() {
    await this.stop();
    await this.start();
  }
}

const stands = {
  vscode,
  'vscode-languageclient/node': { LanguageClient, TransportKind: { stdio: 0 } },
};
const load = Module._load;
Module._load = (name, ...rest) => stands[name] || load(name, ...rest);

async function main() {
  const extension = require(process.env.EXTENSION);
  await extension.activate({ subscriptions: [] });
  await commands.get('httpd-lint.showIncludes')();
  answerOfInput = 'http://shop.example/old';
  await commands.get('httpd-lint.showRequest')();
  // Who closes the question wants no answer.
  answerOfInput = undefined;
  await commands.get('httpd-lint.showRequest')();
  await commands.get('httpd-lint.restart')();
  await commands.get('httpd-lint.showIncludes')();
  await extension.deactivate();
}

main()
  .catch((problem) => {
    lines.push(String(problem.stack));
    process.exitCode = 1;
  })
  .finally(() => fs.writeFileSync(process.env.OUTPUT, `${lines.join('\n')}\n`));
