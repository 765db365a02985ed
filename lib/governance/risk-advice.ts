import { isDangerous, type Risk, type RiskFactors, type RiskInputs } from './risk'

type Advice = { at: number; says: (inputs: RiskInputs) => string; do: string }

const counted = (count: number): string => `${count} ${count === 1 ? 'tool' : 'tools'}`

const toolsSay = ({ tool_count: count, tool_names: names }: RiskInputs): string => {
  const dangerous = names.filter(isDangerous)
  return dangerous.length === 0
    ? `${counted(count)} offered`
    : `${counted(count)} offered, among them ${dangerous.join(', ')}`
}

const ADVICE: Readonly<Record<keyof RiskFactors, Advice>> = {
  tool_breadth: { at: 50, says: toolsSay, do: 'Offer fewer tools, and none that changes things without need.' },
  skill_maturity: {
    at: 50,
    says: ({ skill_state: state }) => (state === null ? 'No skill version is named' : `The skill is ${state}`),
    do: 'Use a skill version that is tested, approved and pinned.',
  },
  model_volatility: {
    at: 50,
    says: ({ temperature }) => `The temperature is ${temperature}`,
    do: 'Lower the temperature.',
  },
  data_sensitivity: {
    at: 40,
    says: ({ data_sensitivity: kind }) => `The data is of sensitivity ${kind}`,
    do: 'Keep sensitive data out of prompts, or redact it.',
  },
  custom_factors: {
    at: 20,
    says: ({ custom_flags: flags }) => `Flagged: ${flags.join(', ')}`,
    do: 'Clear the flags that are set.',
  },
  adapter: {
    at: 40,
    says: () => 'The external agent is of a risky class',
    do: 'Narrow what the external agent may do.',
  },
}

const NAMES = Object.keys(ADVICE) as readonly (keyof RiskFactors)[]

// What weighs, and what would make it weigh less.
export const adviseOn = ({ factors, inputs }: Risk): { risk_factors: string[]; recommendations: string[] } => {
  const heavy = NAMES.filter((name) => factors[name] >= ADVICE[name].at)
  return {
    risk_factors: heavy.map((name) => ADVICE[name].says(inputs)),
    recommendations: heavy.map((name) => ADVICE[name].do),
  }
}

/** The factors that count as reasons, by name, with how much each of them weighs. */
export const factorsThatWeigh = ({ factors }: Pick<Risk, 'factors'>): { name: keyof RiskFactors; value: number }[] =>
  NAMES.filter((name) => factors[name] >= ADVICE[name].at).map((name) => ({ name, value: Math.round(factors[name]) }))
