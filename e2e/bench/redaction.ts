import { redactText } from '@/lib/core/redact'
import { precisionOf, readCorpus, recallOf, scoreCorpus } from '@/lib/core/redaction/corpus/score-corpus'
import { compileRules, lookOf } from '@/lib/core/redaction/rules'

// What is found of each kind, and what a KiB of text costs in time of the processor.

const samples = readCorpus()
const { scores, faults } = scoreCorpus(samples)
console.log(
  `${samples.length} samples, ${samples.filter(({ spans }) => spans.length === 0).length} of them hold nothing\n`,
)
console.log('| kind | samples | recall | precision |')
console.log('|---|---|---|---|')
for (const score of scores)
  console.log(`| ${score.kind} | ${score.samples} | ${recallOf(score).toFixed(3)} | ${precisionOf(score).toFixed(3)} |`)
for (const { fault, text } of faults) console.log(`  ${fault}: ${JSON.stringify(text).slice(0, 120)}`)

const TALK = `Dear team, yesterday we moved the warehouse to the new building, and all orders of the last three weeks were
shipped on time. Please write to support@example.com before Friday, so that the night shift can look for it. `
const CODE = `export const total = (rows: readonly Row[]): number => rows.reduce((sum, { price }) => sum + price * 1.19, 0) // 42\n`
const LOG = `{"time":"2026-03-01T12:00:00.000Z","level":"info","id":"0193f0a0-0000-7000-8000-000000000000","ms":42,"ip":"10.1.2.3"}\n`

const own = lookOf(
  compileRules(
    [
      { name: 'staff', pattern: '\\bSTF-\\d{5}\\b', strategy: 'mask' },
      { name: 'project', pattern: 'Falcon-\\w+', strategy: 'hash' },
      { name: 'email', pattern: null, strategy: 'hash' },
    ].map((row) => ({ replacement: null, isEnabled: true, ...row })),
  ),
  () => ({ key: Buffer.from('bench'), keep: null }),
)

const perKiB = (text: string, redact: (text: string) => string): number => {
  const size = 1 << 18
  const whole = text.repeat(Math.ceil(size / text.length)).slice(0, size)
  for (let n = 0; n < 5; n++) redact(whole)
  const times = Array.from({ length: 9 }, () => {
    const started = process.cpuUsage()
    redact(whole)
    const { user, system } = process.cpuUsage(started)
    return (user + system) / (size / 1024)
  })
  return times.sort((a, b) => a - b)[4] ?? 0
}

console.log('\n| text | µs/KiB | with three own rules |')
console.log('|---|---|---|')
for (const [name, text] of Object.entries({ prose: TALK, code: CODE, log: LOG }))
  console.log(`| ${name} | ${perKiB(text, redactText).toFixed(1)} | ${perKiB(text, own.text).toFixed(1)} |`)
