// What every client tells: an agent asks a model, calls a tool, calls one that fails, and asks again.
export const AGENT = 'concierge'
export const MODEL = 'gpt-4o'
export const SERVED = 'gpt-4o-2024-08-06'
export const SESSIONS = ['session-one', 'session-two']
export const USER = 'ada'

export const QUESTION = 'Find a table for two and book it.'
export const ANSWER = 'There is a table at seven, but it could not be booked.'

export const FIRST = { input: 100, cached: 0, output: 20 }
export const SECOND = { input: 180, cached: 100, output: 30 }

export const FOUND = { name: 'find_table', id: 'call_1', arguments: { people: 2 }, result: { at: '19:00' } }
export const FAILED = { name: 'book_table', id: 'call_2', arguments: { at: '19:00' }, error: 'the kitchen is closed' }
