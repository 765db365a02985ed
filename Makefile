# make demo   a signed-in console with demo people and data at http://localhost:8081/ops
# make test   everything that must hold, ending in "N passed, N failed"
.DEFAULT_GOAL := help
.PHONY: help install setup dev demo build start dispatcher verify test e2e stress bench docs conformance workspace workspace-force clean

NODE_MIN := 20
TASK := node --conditions=react-server --import tsx
STAMP := node_modules/.package-lock.json

help:
	@sed -n 's/^# //p' Makefile
	@echo "others: install setup dev build start dispatcher verify e2e stress bench docs conformance workspace workspace-force clean"

$(STAMP): package-lock.json
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < $(NODE_MIN) ? 1 : 0)' || { echo "Node $(NODE_MIN) or newer is needed; this is $$(node --version)."; exit 1; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch $(STAMP)

install: $(STAMP)

setup: install
	@$(TASK) lib/cli/tasks/setup.ts

dev: setup
	@exec node --conditions=react-server --import tsx lib/cli/main.ts demo --dev

demo: install
	@$(TASK) lib/cli/tasks/build.ts
	@exec node dist/cli.mjs demo

build: install
	@$(TASK) lib/cli/tasks/build.ts

start: build
	@exec node dist/cli.mjs serve

dispatcher: install
	@exec $(TASK) lib/cli/main.ts dispatcher

verify: install
	@$(TASK) lib/cli/tasks/verify.ts

test: install
	@$(TASK) lib/cli/tasks/test-all.ts

e2e: install
	@$(TASK) lib/cli/tasks/e2e.ts

stress: install
	@$(TASK) lib/cli/tasks/stress.ts

bench: install
	@$(TASK) lib/cli/tasks/bench.ts

docs: install
	@$(TASK) lib/cli/tasks/docs.ts

conformance: install
	@$(TASK) lib/cli/tasks/conformance.ts

workspace: install
	@$(TASK) lib/cli/main.ts init

workspace-force: install
	@$(TASK) lib/cli/main.ts init -f

clean:
	rm -rf .next dist .cache lib/core/generated app/routes.generated.ts next-env.d.ts test-results playwright-report conformance-results
