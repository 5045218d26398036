// Reads an agreement with the tokenizer of the editor, inside the editor's own grammar of Markdown,
// and checks what it sees.
'use strict'

const assert = require('node:assert')
const fs = require('node:fs')
const path = require('node:path')
const oniguruma = require('vscode-oniguruma')
const { Registry, parseRawGrammar, INITIAL } = require('vscode-textmate')

const folder = path.join(__dirname, '..')
const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))

/** Where each grammar lies: ours as the manifest says, that of Markdown in its package. */
const grammars = new Map(manifest.contributes.grammars.map(one => [one.scopeName, path.join(folder, one.path)]))
grammars.set('text.html.markdown', require.resolve('tm-grammars/grammars/markdown.json'))

const injected = manifest.contributes.grammars.filter(one => one.injectTo).map(one => one.scopeName)

async function registry () {
  const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'))
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength))
  return new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: sources => new oniguruma.OnigScanner(sources),
      createOnigString: text => new oniguruma.OnigString(text)
    }),
    loadGrammar: async scope => {
      const file = grammars.get(scope)
      return file ? parseRawGrammar(fs.readFileSync(file, 'utf8'), file) : null
    },
    getInjections: scope => scope === 'text.html.markdown' ? injected : undefined
  })
}

/** The pieces of a text with their scopes, line by line. */
function read (grammar, text) {
  let stack = INITIAL
  return text.split('\n').map(line => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack)
    stack = ruleStack
    return tokens.map(token => ({ text: line.slice(token.startIndex, token.endIndex), scopes: token.scopes }))
  })
}

/** The innermost scope of the piece that is exactly this text. */
function scopeOf (line, text) {
  const piece = line.find(piece => piece.text === text)
  assert.ok(piece, `no piece \`${text}\` in ${JSON.stringify(line.map(piece => piece.text))}`)
  return piece.scopes[piece.scopes.length - 1]
}

const CASES = [
  // A line, and pieces of it with the scope that they must have.
  ['3.1 each of Sides must not fire any weapon', { '3.1': 'entity.name.section.casus', 'each of': 'keyword.other.casus', 'must not': 'keyword.control.modal.casus' }],
  ['A.4 state Signed', { 'A.4': 'entity.name.section.casus', state: 'keyword.other.casus' }],
  ['    from 2026-03-01 14:00  -- must not', { from: 'keyword.other.casus', '2026-03-01': 'constant.numeric.date.casus', '14:00': 'constant.numeric.time.casus', '-- must not': 'comment.line.double-dash.casus' }],
  ['line Contact from a.geojson feature "the line of it"', { feature: 'keyword.other.casus', '"the line of it"': 'string.quoted.double.casus' }],
  ['    unless self-defence,  claimed within  2 hours of it', { unless: 'keyword.other.casus', claimed: 'keyword.other.casus', 'of it': 'keyword.other.casus', 2: 'constant.numeric.casus', ',': 'punctuation.separator.casus' }],
  ['expect 3.1 possibly   breached by RU', { 'possibly   breached': 'keyword.other.casus', 3.1: 'constant.numeric.casus' }],
  ['    fire on 2026-03-01, grade B2, at 48.5N 37.9E', { grade: 'keyword.other.casus', B2: 'constant.language.grade.casus', '48.5N': 'constant.numeric.place.casus' }],
  ['party Север "не закрыто', { party: 'keyword.other.casus', '"не закрыто': 'invalid.illegal.casus' }]
]

/** Words that hold a keyword and are none. */
const PLAIN = ['stand-by', 'byway', 'Fire', 'не-of', 'ofё', "by's", 'a.of']

async function main () {
  const grammar = await (await registry()).loadGrammar('text.html.markdown')
  assert.ok(grammar, 'the grammar of Markdown is not there')

  for (const fence of ['```casus', '```casus-test', '~~~casus', '````casus']) {
    const close = fence.replace(/[a-z-]+$/, '')
    for (const [line, wanted] of CASES) {
      const lines = read(grammar, `# Title\n\n1. must not\n\n${fence}\n${line}\nparty X\n${close}\n\nparty must not`)
      for (const [text, scope] of Object.entries(wanted)) {
        assert.strictEqual(scopeOf(lines[5], text), scope, `\`${text}\` in \`${line}\``)
        const all = lines[5].find(piece => piece.text === text).scopes
        assert.ok(all.includes('meta.embedded.block.casus'), `${all}`)
      }
      assert.strictEqual(scopeOf(lines[6], 'party'), 'keyword.other.casus', 'the line after it')
      for (const outside of [lines[2], lines[9]]) {
        const ours = outside.filter(piece => piece.scopes.some(scope => scope.endsWith('.casus')))
        assert.deepStrictEqual(ours, [], `after ${fence} and ${line}`)
      }
    }
    for (const word of PLAIN) {
      const line = read(grammar, `${fence}\nact ${word} X\n${close}`)[1]
      const wrong = line.filter(piece => word.includes(piece.text.trim()) && piece.text.trim() &&
        piece.scopes.some(scope => scope.startsWith('keyword')))
      assert.deepStrictEqual(wrong, [], word)
    }
  }
  for (const other of ['```casus-else', '```casusx', '```rust']) {
    const line = read(grammar, `text\n\n${other}\nparty X must not\n`)[3]
    assert.ok(!line.some(piece => piece.scopes.includes('meta.embedded.block.casus')), other)
  }

  // The whole example: every block is coloured to its end, and no prose is.
  const example = fs.readFileSync(path.join(folder, '../../examples/guarantee/agreement.md'), 'utf8')
  let inside = false
  let seen = 0
  read(grammar, example).forEach((line, at) => {
    const text = line.map(piece => piece.text).join('')
    if (text.startsWith('```')) { inside = !inside; return }
    const ours = line.some(piece => piece.scopes.includes('meta.embedded.block.casus'))
    assert.ok(ours === inside || text.trim() === '', `line ${at + 1}: ${text}`)
    seen += inside ? 1 : 0
  })
  assert.ok(seen > 400, `${seen} lines of blocks`)
  console.log(`tokens: ${seen} lines of the example and ${CASES.length} sentences are read as they should be`)
}

main().catch(error => { console.error(error); process.exit(1) })
