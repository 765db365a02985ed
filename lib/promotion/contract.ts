export * from './contract/check'
export * from './contract/endpoints'
export * from './contract/gates'
export * from './contract/promotion'
