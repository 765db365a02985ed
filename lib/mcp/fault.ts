const BRAND = Symbol.for('clasper.mcp')

// Why a server of a workspace could not do what it was asked, in words that a model may read.
export class McpFault extends Error {
  override readonly name = 'McpFault'
  readonly [BRAND] = true
  constructor(
    message: string,
    // What its program wrote besides: for the log of this host, and for nobody else.
    readonly said = '',
    // Nothing was done: the server has to be greeted anew, and may then be asked again.
    readonly isForgotten = false,
  ) {
    super(message)
  }
}

// Connections outlive the module graph that made them, so the class is recognised by its brand.
export const isMcpFault = (error: unknown): error is McpFault =>
  typeof error === 'object' && error !== null && BRAND in error
