const FLAGS: Readonly<Record<string, string>> = {
  usage_estimated: 'The provider counted no tokens, so they were estimated.',
  usage_missing: 'A call of a model that says nothing of its tokens; it counts as free until it does.',
  price_missing: 'The price of this model is not known, so its tokens cost nothing here.',
  cost_differs: 'The cost that was sent differs from what its tokens cost by the price list. What was sent counts.',
  exclusive_usage: 'Its input count leaves cached tokens out; they were added.',
  exclusive_reasoning: 'Its output count leaves reasoning out; it was added.',
  total_mismatch: 'Its token counts do not add up to the total that it tells.',
  audio_mismatch: 'Its audio tokens are more than all of its tokens.',
  output_truncated: 'The answer was cut off at its limit.',
  broken_json: 'A payload that claims to be JSON is none; it is shown as text.',
  start_missing: 'It came without a start; its end stands for it.',
  end_before_start: 'Its end lies before its start; it is shown without length.',
  attributes_truncated: 'It had more attributes than are kept.',
  events_truncated: 'It had more events than are kept.',
  parent_invalid: 'Its parent id is none; it is shown without parent.',
  resource_unreadable: 'What its program says of itself could not be read.',
  root_missing: 'The first span of this trace never came. This one stands for it.',
}

export const flagWords = (flag: string): string => FLAGS[flag] ?? flag.replaceAll('_', ' ')

const DIALECTS: Readonly<Record<string, string>> = {
  clasper: 'A run of this server: nothing had to be mapped.',
  none: 'Made here; nothing came in.',
}

export const dialectWords = (dialect: string): string => DIALECTS[dialect] ?? `Read in the dialect ${dialect}.`

const BUCKETS: Readonly<Record<string, string>> = {
  in_uncached: 'Fresh input',
  cache_read: 'Read from cache',
  cache_write: 'Written to cache',
  out_visible: 'Output',
  reasoning: 'Reasoning',
  audio_in: 'Audio in',
  audio_out: 'Audio out',
}

export const bucketWords = (bucket: string): string => BUCKETS[bucket] ?? bucket

const NANO_PER_USD = 1e9

// All digits that count: a call of a model may cost a thousandth of a cent.
export const exactUsd = (nanoUsd: number): string => {
  const [whole = '0', rest = ''] = (Math.abs(nanoUsd) / NANO_PER_USD).toFixed(9).split('.')
  return `${nanoUsd < 0 ? '−' : ''}$${whole}.${rest.replace(/0+$/, '').padEnd(2, '0')}`
}
