export { batchFindingTable } from './batchFindingTable.ts'
export { isRegBatch } from './isRegBatch.ts'
export { readRegBatch } from './readRegBatch.ts'
