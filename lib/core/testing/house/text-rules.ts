import { isTest, type SourceFile } from './tree'

type Rule = { name: string; why: string; finds: (file: SourceFile) => string | null }

const MOST_LINES = 300

const firstMatch = (text: string, pattern: RegExp) => pattern.exec(text)?.[0] ?? null

// Comments and strings may speak of what code may not do.
const codeOnly = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')

const isToolConfig = (path: string) => !path.includes('/') && /[.]config[.](?:ts|mjs|cjs)$/.test(path)

const READS_ENV = new Map([
  ['lib/core/env.ts', 'parses the environment once'],
  ['instrumentation.ts', 'Next replaces NEXT_RUNTIME while it bundles'],
  ['lib/cli/commands/serve.ts', 'settles NODE_ENV before any library asks for it'],
  ['server.ts', 'tells Next to leave signals alone before Next is loaded'],
  ['examples/external-agent/agent.mjs', 'is a program of others, which has nothing of ours'],
])

// Programs that run elsewhere: they have the clock of their own machine and nothing else.
const runsElsewhere = (path: string) => path.startsWith('examples/external-agent/')

const handsOnEnv = (path: string) => path.startsWith('lib/cli/')

const envRule: Rule = {
  name: 'process.env outside lib/core/env.ts',
  why: 'Settings are parsed once; a command may only hand the whole environment on to a child.',
  finds: ({ path, text }) => {
    if (READS_ENV.has(path) || isToolConfig(path) || isTest(path)) return null
    const code = codeOnly(text)
    return firstMatch(handsOnEnv(path) ? code.replaceAll(/[.]{3}process[.]env\b/g, '') : code, /process[.]env\S*/)
  },
}

const clockRule: Rule = {
  name: 'the time of day outside lib/core/clock.ts',
  why: 'Tests turn the clock; ask scope.clock.now().',
  finds: ({ path, text }) =>
    path === 'lib/core/clock.ts' || isTest(path) || runsElsewhere(path)
      ? null
      : firstMatch(codeOnly(text), /new Date\(\s*\)|\bDate[.]now\b/),
}

// What a readonly type or a name in capitals declares to be a constant is believed; a WeakMap belongs to its keys.
const STATE = new RegExp(
  [
    '^(?:export )?(?:let|var) \\w+.*',
    '^(?:export )?const \\w+(?!.*\\b(?:Readonly|readonly))[^=\\n]*= new (?:Map|Set|LRUCache|EventEmitter)\\b(?:<[^\\n]*>)?\\((?!\\s*\\[).*',
    '^(?:export )?const (?![A-Z_0-9]+\\b)\\w+(?!.*\\b(?:Readonly|readonly))[^=\\n]*= (?:\\[\\]|\\{\\})\\s*(?:as [^\\n]*)?$',
  ].join('|'),
  'm',
)

// A command or a task is a process of its own and ends; a server's state belongs to the kernel.
const holdsState = (path: string) => path === 'lib/core/kernel.ts' || /^lib\/cli\//.test(path) || isTest(path)

const stateRule: Rule = {
  name: 'mutable state outside lib/core/kernel.ts',
  why: 'A module lives several times in one process; state lives once, in the kernel.',
  finds: ({ path, text }) =>
    /^(?:lib|app|components)\//.test(path) && !holdsState(path) && !isClient(text)
      ? firstMatch(codeOnly(text), STATE)
      : null,
}

const isClient = (text: string) => /^['"]use client['"]/m.test(text)

const lengthRule: Rule = {
  name: `more than ${MOST_LINES} lines`,
  why: 'A long file holds two thoughts; give the second its own name.',
  finds: ({ text }) => {
    const lines = text.split('\n').length - 1
    return lines > MOST_LINES ? `${lines} lines` : null
  },
}

const HATCHES = new RegExp(
  [
    '@ts-ig' + 'nore',
    '@ts-no' + 'check',
    'biome-ig' + 'nore',
    'eslint-dis' + 'able',
    'depcruise-ig' + 'nore',
    '\\bas an' + 'y\\b',
  ].join('|'),
)

const hatchRule: Rule = {
  name: 'an escape hatch',
  why: 'The rule is right or it is changed for everybody; nobody steps around it.',
  finds: ({ text }) => firstMatch(text, HATCHES),
}

const SLEEPERS = new RegExp('\\b(?:it|test|describe)[.](?:skip|only|todo|fixme)\\b|waitForTime' + 'out\\(')

const skipRule: Rule = {
  name: 'a skipped, focused or sleeping test',
  why: 'A test runs or is deleted, and polls with a deadline.',
  finds: ({ text }) => firstMatch(text, SLEEPERS),
}

const FORMER = 'wom' + 'bat'

// The names that stay for compatibility: the variable prefix, one signature header, the command's second name.
const COMPATIBLE = new RegExp(`${FORMER.toUpperCase()}_(?:[A-Z_]+)?|X-Wom${'bat'}-Signature`, 'g')

const formerNameRule: Rule = {
  name: 'a former product name',
  why: 'Only the documented compatibility names may carry it.',
  finds: ({ path, text }) =>
    path.startsWith('lib/cli/')
      ? null
      : firstMatch(text.replaceAll(COMPATIBLE, ''), new RegExp(`.{0,20}${FORMER}.{0,20}`, 'i')),
}

const HOSTS = new RegExp(['registry[.]np' + 'mjs[.]org', 'deb[.]deb' + 'ian[.]org', '"resolved": "' + 'http'].join('|'))

const registryRule: Rule = {
  name: 'the host of a package registry',
  why: 'Where packages come from is a matter of the machine, not of the repository.',
  finds: ({ text }) => firstMatch(text, HOSTS),
}

export const CODE_RULES = [envRule, clockRule, stateRule, lengthRule, hatchRule, skipRule, formerNameRule]

export const TEXT_RULES = [registryRule]

export const faultsIn = (file: SourceFile, rules: readonly Rule[]): string[] =>
  rules.flatMap((rule) => {
    const found = rule.finds(file)
    return found === null ? [] : [`${file.path}: ${rule.name} (${found.trim()}). ${rule.why}`]
  })
