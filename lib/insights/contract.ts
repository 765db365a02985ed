export * from './contract/budget'
export * from './contract/cost'
export * from './contract/risk'
