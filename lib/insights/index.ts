// What all of it comes to: money and danger by day, and how budgets are used up. Read from sums that were kept when runs
// ended and from the ledger, never from the runs themselves.
export { burnDown } from './burn-down'
export { costDashboard } from './cost-dashboard'
export { riskDashboard } from './risk-dashboard'
