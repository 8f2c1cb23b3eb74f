/** The symbol Node's inspector asks an object for; a registered symbol, so the pure folders need no Node import. */
export const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never
