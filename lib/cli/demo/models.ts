import { ENV_FIELDS, type EnvField } from '@/lib/core/env-fields'
import { DEMO_MODELS } from './surroundings'

type Raw = Readonly<Record<string, string | undefined>>

const isSet = (raw: Raw, names: readonly string[]): boolean => names.some((name) => (raw[name] ?? '') !== '')

const FIELDS: readonly (readonly [string, EnvField])[] = Object.entries(ENV_FIELDS)

// A key of a provider, or the address of a server that needs none.
const ACCESS = FIELDS.filter(([name, { group, secret }]) => group === 'Models' && (secret || /_BASE_URL_/.test(name)))
const ACCESS_NAMES = ACCESS.flatMap(([name, { also = [] }]) => [name, ...also])
const MODEL_NAMES = ['LLM_MODEL_DEFAULT', ...ENV_FIELDS.LLM_MODEL_DEFAULT.also]

/** Who named a model and has access to one means it; everybody else gets the built-in one, and no bill. */
export const modelsFor = (raw: Raw): Readonly<Record<string, string>> =>
  isSet(raw, MODEL_NAMES) && isSet(raw, ACCESS_NAMES) ? {} : DEMO_MODELS
