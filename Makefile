# The whole list of commands. Each makes what it stands on first; the work itself is in scripts/.

PYTHON := sh scripts/python.sh
OMNIAI := backend/.venv/bin/omniai

.DEFAULT_GOAL := help
.PHONY: help run dev check test test-llama defences fuzz torture bench client format pictures static-page image-rehearsal clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: ## Start OmniAI on http://127.0.0.1:8787
	@$(PYTHON) scripts/prepare.py backend page
	@$(OMNIAI) serve

dev: ## Start with reload: the backend, and the page on http://localhost:5173
	@$(PYTHON) scripts/prepare.py backend packages
	@$(PYTHON) scripts/dev.py

check: ## Format, lint, types, import contracts, page boundaries, wire types
	@$(PYTHON) scripts/prepare.py backend-tests packages
	@$(PYTHON) scripts/verify.py check

test: ## The checks and every test: page, browser, backend
	@$(PYTHON) scripts/prepare.py backend-tests packages
	@$(PYTHON) scripts/verify.py test

test-llama: ## The tests against a real llama.cpp server alone (part of make test)
	@$(PYTHON) scripts/prepare.py backend-tests
	@$(PYTHON) scripts/verify.py llama

defences: ## Switch the defences off one by one and show which test misses each
	@$(PYTHON) scripts/prepare.py backend-tests
	@$(PYTHON) scripts/defences.py

fuzz: ## Send twenty thousand generated requests (make test sends fewer)
	@$(PYTHON) scripts/prepare.py backend-tests
	@cd backend && .venv/bin/python -m pytest tests/process/test_fuzz.py --fuzz-seconds 300 -s

static-page: ## Build the page for a host of static files: BACKEND=https://chat.example.org make static-page
	@$(PYTHON) scripts/prepare.py static-page

torture: ## Kill, starve and mislead servers in the numbers that are promised (make test does less)
	@$(PYTHON) scripts/prepare.py backend-tests
	@cd backend && .venv/bin/python -m pytest tests/process/torture --torture -s

bench: ## Measure what OmniAI adds to an answer, what others' faults add, what signing in and searching cost, and the page
	@$(PYTHON) scripts/prepare.py backend page
	@backend/.venv/bin/python bench/relay.py
	@backend/.venv/bin/python bench/faults.py
	@backend/.venv/bin/python bench/sign_in.py
	@backend/.venv/bin/python bench/search.py
	@backend/.venv/bin/python bench/memory.py
	@backend/.venv/bin/python bench/recall.py
	@PLAYWRIGHT_CHROMIUM="$$($(PYTHON) scripts/browser.py)" node bench/frames.mjs
	@PLAYWRIGHT_CHROMIUM="$$($(PYTHON) scripts/browser.py)" node bench/sidebar.mjs
	@PLAYWRIGHT_CHROMIUM="$$($(PYTHON) scripts/browser.py)" node bench/opening.mjs

client: ## Write docs/openapi.json and the page's API types from the routes
	@$(PYTHON) scripts/prepare.py backend packages
	@$(PYTHON) scripts/client.py

format: ## Format and mend what can be mended
	@$(PYTHON) scripts/prepare.py backend-tests packages
	@$(PYTHON) scripts/verify.py format

image-rehearsal: ## Build and run the container image as its Dockerfile says, where no engine is (as root)
	@$(PYTHON) scripts/rehearse_image.py

pictures: ## Take a picture of every page into docs/pictures/: wide and phone, light and dark
	@$(PYTHON) scripts/prepare.py backend-tests page
	@cd frontend && PLAYWRIGHT_CHROMIUM="$$($(PYTHON) ../scripts/browser.py)" npx playwright test --config pictures.config.ts

clean: ## Remove what the commands made; data/ stays
	@rm -rf .tools backend/.venv frontend/node_modules frontend/tools/openapi/node_modules frontend/dist frontend/dist-static
	@find . -name node_modules -prune -o -type d \( -name __pycache__ -o -name '.*_cache' -o -name .hypothesis \) -prune -exec rm -rf {} +
