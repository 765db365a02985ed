// What a caller is told when the answer is no: `{ error, code?, details? }` with a status.
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly status: number,
    message: string,
    readonly code: string,
    readonly details?: unknown,
  ) {
    super(message)
  }
}

export const unknownTask = (): Refusal => new Refusal(404, 'Task not found', 'not_found')

export const invalid = (message: string, details?: unknown): Refusal =>
  new Refusal(400, message, 'invalid_request', details)
