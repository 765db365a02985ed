import { describe, expect, it } from 'vitest'
import { withAttributes } from '@/lib/core/testing/raw-span'
import { saidFrom } from './message-list'
import { normalise } from './normalise'

const json = (value: unknown): string => JSON.stringify(value)
const user = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] })

describe('messages', () => {
  const TALK = [user('hi'), { role: 'assistant', parts: [{ type: 'text', content: 'yes?' }] }]
  it.each([
    ['parts', TALK],
    [
      'contents',
      [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: [{ type: 'output_text', text: 'yes?' }] },
      ],
    ],
    [
      'other names of roles',
      [
        { role: 'human', content: 'hi' },
        { role: 'model', parts: [{ text: 'yes?' }] },
      ],
    ],
    ['an object around a list', { messages: TALK }],
    ['JSON within JSON', [json(TALK[0]), json(TALK[1])]],
  ])('as %s, structured or as text, are the same', (_, value) => {
    expect(saidFrom(value).messages).toEqual(TALK)
    expect(saidFrom(json(value)).messages).toEqual(TALK)
  })

  it('keep calls of tools and what these gave back', () => {
    const call = { type: 'tool_call', id: 'c', name: 't', arguments: { a: 1 } }
    const calls = [
      { role: 'assistant', parts: [call] },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c', function: { name: 't', arguments: '{"a":1}' } }] },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c', toolName: 't', input: { a: 1 } }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 't', input: { a: 1 } }] },
    ]
    for (const message of calls) expect(saidFrom([message]).messages).toEqual([{ role: 'assistant', parts: [call] }])
    const response = { type: 'tool_call_response', id: 'c', response: { b: 2 } }
    const answers = [
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', result: { b: 2 } }] },
      { role: 'tool', tool_call_id: 'c', content: '{"b":2}' },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', output: { type: 'json', value: { b: 2 } } }] },
      { role: 'tool', content: [{ type: 'tool_result', tool_use_id: 'c', content: { b: 2 } }] },
    ]
    for (const message of answers) expect(saidFrom([message]).messages).toEqual([{ role: 'tool', parts: [response] }])
  })

  it('keep parts that nobody knows', () => {
    const blob = { type: 'blob', modality: 'image', data: 'AAAA' }
    expect(saidFrom([{ role: 'user', parts: [blob, 7, null, { type: 'toString' }] }]).messages).toEqual([
      {
        role: 'user',
        parts: [blob, 7, null, { type: 'toString' }].map((value) => ({ type: 'other', value })),
      },
    ])
  })

  it('have instructions lifted from their head', () => {
    const said = saidFrom([
      { role: 'system', content: 'a' },
      { role: 'developer', content: 'b' },
      { role: 'user', content: 'c' },
    ])
    expect([said.system, said.messages]).toEqual(['a\nb', [user('c')]])
  })

  it('that are broken JSON stay a text, and are flagged', () => {
    const draft = normalise(
      withAttributes({ 'gen_ai.request.model': 'm', 'gen_ai.input.messages': '[{"role":"user", ' }),
    )
    expect(draft.content).toMatchObject({ input: [], rawInput: '[{"role":"user", ' })
    expect(draft.flags).toEqual(['broken_json'])
  })

  it('are made of a bare text where a model was asked, and nowhere else', () => {
    const input = { 'langfuse.observation.input': 'hi', 'langfuse.observation.output': 'yes' }
    const asked = normalise(withAttributes({ ...input, 'langfuse.observation.type': 'generation' }))
    expect(asked.content).toMatchObject({ input: [user('hi')], rawInput: null, output: [{ role: 'assistant' }] })
    const step = normalise(withAttributes({ ...input, 'langfuse.observation.type': 'span' }))
    expect(step.content).toMatchObject({ input: [], rawInput: 'hi', rawOutput: 'yes' })
  })

  it('never take an output for an input', () => {
    const draft = normalise(
      withAttributes({
        'gen_ai.request.model': 'm',
        'gen_ai.output.messages': json([{ role: 'assistant', content: 'out' }]),
      }),
    )
    expect(draft.content).toMatchObject({ input: [], rawInput: null, output: [{ role: 'assistant' }] })
  })

  it('of the call around, as AI SDK gives them', () => {
    const prompt = json({ system: 'Be brief.', prompt: 'hi' })
    const draft = normalise(
      withAttributes({ 'ai.operationId': 'ai.generateText', 'ai.prompt': prompt, 'ai.response.text': 'yes' }),
    )
    expect(draft).toMatchObject({
      kind: 'workflow',
      content: {
        system: 'Be brief.',
        input: [user('hi')],
        output: [{ role: 'assistant', parts: [{ content: 'yes' }] }],
      },
    })
  })
})
