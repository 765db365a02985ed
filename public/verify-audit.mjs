#!/usr/bin/env node
// Checks an exported audit bundle with nothing but Node.js 20 or newer. Read it, then trust it.
//   node verify-audit.mjs bundle.tar.gz [--checkpoint notes.txt] [--key name+hash+key | key.pem]
// --checkpoint: signed checkpoints that were kept outside; --key: the public key as you were told it.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const [path, ...options] = process.argv.slice(2)
const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined)
const say = (text) => process.stdout.write(`${text}\n`)
if (!path) throw new Error('give the bundle: node verify-audit.mjs bundle.tar.gz')

const failures = []
const fail = (code) => void failures.push(code)
const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')
const bytesOf = (hex) => Buffer.from(hex, 'hex')
const nodeHash = (left, right) => sha(Buffer.from([1]), bytesOf(left), bytesOf(right))
const stable = (value) => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stable(value[key])}`).join(',')}}`
}

const files = new Map()
const tar = gunzipSync(readFileSync(path))
for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
  const name = tar.toString('utf8', at, at + 100).split('\0')[0]
  const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
  files.set(name, tar.subarray(at + 512, at + 512 + size))
  at += 512 + Math.ceil(size / 512) * 512
}
const parse = (text) => {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}
const json = (name) => JSON.parse(files.get(name)?.toString('utf8') ?? 'null')
function* lines(name) {
  const bytes = files.get(name) ?? Buffer.alloc(0)
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start))
    yield JSON.parse(bytes.toString('utf8', start, end))
}

// 1. The files are those that were signed.
const { signature, ...signed } = json('integrity.json') ?? {}
const meta = json('metadata.json')
if (meta?.format !== 'clasper-audit-bundle' || !signed.files) throw new Error('this is not an audit bundle')
const keyFrom = (text) => {
  if (text.includes('-----BEGIN')) return createPublicKey(text)
  const raw = Buffer.from(text.trim().split('+').slice(2).join('+'), 'base64').subarray(1)
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
}
const given = option('--key')
const keys = given
  ? [keyFrom(existsSync(given) ? readFileSync(given, 'utf8') : given)]
  : (json('public_keys.json') ?? []).map(({ pem }) => createPublicKey(pem))
const isSigned = (text, stamp) => keys.some((key) => verify(null, Buffer.from(text), key, stamp))
if (!signature) fail('bundle_unsigned')
else if (!isSigned(stable(signed), Buffer.from(signature, 'base64'))) fail('bundle_signature_invalid')
for (const name of ['metadata.json', 'audits.jsonl', 'audit_chain.jsonl', 'checkpoints.jsonl', 'public_keys.json'])
  if (!files.has(name) || sha(files.get(name)) !== signed.files[name]) fail(`file_changed_${name}`)

// 2. Checkpoints: the bundle's own, and those kept outside.
const anchors = []
const readNote = (note) => {
  const [origin, size, root] = note.split('\n')
  const text = note.slice(0, note.indexOf('\n\n') + 1)
  const stamps = [...note.matchAll(/^\u2014 \S+ (\S+)$/gm)].map(([, stamp]) => Buffer.from(stamp, 'base64').subarray(4))
  const isValid = stamps.some((stamp) => isSigned(text, stamp))
  if (origin !== meta.origin || (keys.length > 0 && !isValid)) fail('checkpoint_signature_invalid')
  else anchors.push({ size: Number(size), root: Buffer.from(root, 'base64').toString('hex') })
}
for (const { note } of lines('checkpoints.jsonl')) readNote(note)
const outside = option('--checkpoint') ? readFileSync(option('--checkpoint'), 'utf8') : ''
for (const note of outside.match(/[^\n]+\n\d+\n[^\n]+\n(?:[^\n]+\n)*\n(?:\u2014 [^\n]+\n)+/g) ?? [])
  if (note.startsWith(`${meta.origin}\n`)) readNote(note)

// 3. Every event: shown fields, canonical bytes, chain, leaf, payload.
const frontier = [...meta.tree.before]
const grow = (index, hash) => {
  for (; index % 2 === 1; index = (index - 1) / 2) hash = nodeHash(frontier.pop(), hash)
  frontier.push(hash)
}
const rootNow = () => frontier.reduceRight((right, left) => (right ? nodeHash(left, right) : left), '') || sha('')
const FIELDS = ['actor', 'created_at', 'event_type', 'tenant_id', 'trace_id', 'user_id', 'workspace_id']
let [seq, prev, whole, checked, erased] = [meta.first_seq - 1, null, true, 0, 0]
const erasures = new Map()
const checkEvent = (line, shown) => {
  const bytes = parse(line.canonical)
  const isShown = FIELDS.every((name) => bytes[name] === shown[name]) && shown.event_hash === line.event_hash
  const isBound = bytes.seq === line.seq && bytes.prev_event_hash === line.prev_event_hash && bytes.hash_version === 2
  const isSame = stable(bytes) === line.canonical && `sha256:${sha(line.canonical)}` === line.event_hash
  if (!isShown || !isBound || !isSame) fail(`seq_${line.seq}_hash_mismatch`)
  else if (sha('\0', line.canonical) !== line.leaf_hash) fail(`seq_${line.seq}_leaf_mismatch`)
  if ((prev !== null || line.seq === 1) && line.prev_event_hash !== prev) fail(`seq_${line.seq}_prev_hash_mismatch`)
  checkPayload(line, shown, bytes.event_data?.commitment)
}
const checkPayload = ({ seq: at, salt, payload, erased_at }, shown, commitment) => {
  const repeats = (data) =>
    (data?.entity_id ?? null) === shown.entity_id && (data?.request_id ?? null) === shown.request_id
  if (payload === null || salt === null) return fail(`seq_${at}_payload_missing`)
  if (erased_at && payload === '' && salt === '') {
    erased++
    if (!erasures.has(at)) erasures.set(at, false)
    return repeats(null) && shown.event_data === null ? undefined : fail(`seq_${at}_columns_mismatch`)
  }
  if (`sha256:${sha(bytesOf(salt), payload)}` !== commitment) return fail(`seq_${at}_payload_mismatch`)
  const data = parse(payload)
  if (stable(data) !== stable(shown.event_data)) fail(`seq_${at}_payload_mismatch`)
  if (!repeats(data)) fail(`seq_${at}_columns_mismatch`)
  if (data.kind === 'audit_payload_erased') erasures.set(data.seq, true)
}
const shownRows = lines('audits.jsonl')
for (const line of lines('audit_chain.jsonl')) {
  const shown = shownRows.next().value
  if (shown?.seq !== line.seq) {
    fail(`seq_${line.seq}_not_shown`)
    break
  }
  if (line.seq !== seq + 1) {
    for (let missing = seq + 1; missing < line.seq && failures.length < 1000; missing++) fail(`seq_${missing}_missing`)
    ;[prev, whole] = [null, false]
  }
  checkEvent(line, shown)
  if (whole) grow(line.seq - 1, line.leaf_hash)
  ;[seq, prev] = [line.seq, line.event_hash]
  checked++
  for (const { size, root } of anchors) if (whole && size === seq && root !== rootNow()) fail('checkpoint_mismatch')
}

// 4. The tail, the root, and who erased what.
if (seq < meta.last_seq || anchors.some(({ size }) => size > Math.max(seq, meta.tree.size))) fail('tail_truncated')
if (whole && seq === meta.last_seq) {
  for (const { index, hash } of meta.tree.after) grow(index, hash)
  if (rootNow() !== meta.tree.root_hash) fail('root_mismatch')
  const isSealedOtherwise = ({ size, root }) => size === meta.tree.size && size !== seq && root !== meta.tree.root_hash
  if (anchors.some(isSealedOtherwise)) fail('checkpoint_mismatch')
}
if (meta.last_seq === meta.tree.size)
  for (const [at, isRecorded] of erasures) if (!isRecorded) fail(`seq_${at}_erased_without_record`)

say(`${meta.tenant_id}: events ${meta.first_seq} to ${meta.last_seq}, ${checked} checked, ${erased} erased`)
say(`${anchors.length} checkpoints, key ${given ? 'as given' : 'from the bundle (give --key to be sure)'}`)
for (const code of failures) say(`FAILED ${code}`)
say(failures.length === 0 ? 'OK' : `${failures.length} failed`)
process.exitCode = failures.length === 0 ? 0 : 1
