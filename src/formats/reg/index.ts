export { type RegReading, type RegReadOptions, readReg } from './readReg.ts'
export { regFindingTable } from './regFindingTable.ts'
export { isReg } from './regHeader.ts'
export { type RegWriteOptions, writeReg } from './writeReg.ts'
