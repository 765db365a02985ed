import { type Claim, firstText, wordIn } from './claim'
import type { RawSpan } from './raw-span'

const KNOWN = [
  ...['anthropic', 'aws.bedrock', 'azure.ai.inference', 'azure.ai.openai', 'cohere', 'deepseek', 'gcp.gemini'],
  ...['gcp.gen_ai', 'gcp.vertex_ai', 'groq', 'ibm.watsonx.ai', 'mistral_ai', 'openai', 'perplexity', 'x_ai'],
  'moonshot_ai',
]

const ALIASES: Readonly<Record<string, string>> = {
  'az.ai.openai': 'azure.ai.openai',
  'az.ai.inference': 'azure.ai.inference',
  azure: 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  vertex_ai: 'gcp.vertex_ai',
  vertexai: 'gcp.vertex_ai',
  'google.vertex': 'gcp.vertex_ai',
  gemini: 'gcp.gemini',
  google: 'gcp.gemini',
  'google.generative-ai': 'gcp.gemini',
  xai: 'x_ai',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  bedrock: 'aws.bedrock',
  aws: 'aws.bedrock',
  'amazon-bedrock': 'aws.bedrock',
  moonshot: 'moonshot_ai',
  watsonx: 'ibm.watsonx.ai',
}

const found = (name: string): string | undefined => (KNOWN.includes(name) ? name : wordIn(ALIASES, name))

// One name for one provider: `openai.responses` is openai, `vertex_ai` is gcp.vertex_ai. Strange ones stay as they are.
export const canonicalProvider = (said: string): string => {
  const name = said.trim().toLowerCase()
  const words = name.split('.')
  const shorter = words.map((_, at) => words.slice(0, words.length - at).join('.'))
  return shorter.map(found).find((known) => known !== undefined) ?? name
}

const KEYS = ['gen_ai.provider.name', 'llm.provider', 'gen_ai.system', 'llm.system', 'ai.model.provider']

export const providerOf = (span: RawSpan): Claim<string> | null => {
  const claim = firstText(span.attributes, KEYS)
  return claim === null ? null : { ...claim, value: canonicalProvider(claim.value) }
}
