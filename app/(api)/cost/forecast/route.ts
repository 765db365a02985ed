import { forecastCost } from '@/lib/governance'
import { costForecast } from '@/lib/governance/contract/forecast'
import { route } from '@/lib/http/route'

export const POST = route(costForecast, (scope, { body }) => forecastCost(scope, body))
