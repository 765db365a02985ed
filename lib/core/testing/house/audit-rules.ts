import ts from 'typescript'

const textsIn = (node: ts.Node): string[] => {
  if (ts.isTypeNode(node)) return []
  if (ts.isStringLiteral(node)) return [node.text]
  const found: string[] = []
  node.forEachChild((child) => void found.push(...textsIn(child)))
  return found
}

const declared = (file: ts.SourceFile): Map<string, ts.Expression> => {
  const found = new Map<string, ts.Expression>()
  const look = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      found.set(node.name.text, node.initializer)
    node.forEachChild(look)
  }
  look(file)
  return found
}

const hasEvent = (made: ts.Expression | undefined): boolean =>
  made !== undefined &&
  (ts.isArrowFunction(made) || ts.isFunctionExpression(made)) &&
  made.parameters.some(({ name }) => ts.isIdentifier(name) && name.text === 'event')

const namesIn = (node: ts.Node): string[] => {
  if (ts.isIdentifier(node)) return [node.text]
  const found: string[] = []
  node.forEachChild((child) => void found.push(...namesIn(child)))
  return found
}

/**
 * Words that really stand where an event is named: in a property `event`, in a table or a function that such a property
 * asks, or in a call of a function of this file that takes an `event`. A word in a message, a type or a comparison does not count.
 */
export const eventsIn = (path: string, text: string): Set<string> => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const made = declared(file)
  const found: string[] = []
  const look = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'event') {
      found.push(...textsIn(node.initializer))
      for (const name of namesIn(node.initializer)) {
        const table = made.get(name)
        if (table) found.push(...textsIn(table))
      }
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && hasEvent(made.get(node.expression.text)))
      found.push(...node.arguments.flatMap(textsIn))
    node.forEachChild(look)
  }
  look(file)
  return new Set(found)
}
