export { type EmbeddedCommand, embeddedCommands } from './embeddedCommands.ts'
