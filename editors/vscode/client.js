// Starts `casus lsp` and connects it to the editor. It knows nothing of the language.
'use strict'

const vscode = require('vscode')
const { LanguageClient } = require('vscode-languageclient/node')

/** The running client, where there is one. */
let client

async function start () {
  const settings = vscode.workspace.getConfiguration('casus')
  const command = settings.get('path') || 'casus'
  const server = { command, args: ['lsp'] }
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.{geojson,json,csv}')
  client = new LanguageClient('casus', 'Casus', server, {
    documentSelector: [
      { scheme: 'file', language: 'markdown' },
      { scheme: 'untitled', language: 'markdown' }
    ],
    initializationOptions: { manual: settings.get('manual') },
    // What is wrong with an agreement may be wrong in a file beside it.
    synchronize: { fileEvents: watcher }
  })
  try {
    await client.start()
  } catch (error) {
    client = undefined
    vscode.window.showErrorMessage(
      `\`${command} lsp\` cannot be started: ${error.message}. Set \`casus.path\` to the program.`
    )
  }
}

async function stop () {
  const running = client
  client = undefined
  if (running) await running.stop()
}

exports.activate = async function (context) {
  const restart = async () => { await stop(); await start() }
  context.subscriptions.push(
    vscode.commands.registerCommand('casus.restart', restart),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('casus')) restart()
    })
  )
  await start()
}

exports.deactivate = stop
