export * from './contract/enforce'
export * from './contract/erase'
export * from './contract/policy'
export * from './contract/stats'
