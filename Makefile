# What people run. Everything else is `cargo xtask`. Nothing but Rust is needed, but for `ci`.

CASUS = cargo run --quiet --release --package casus --

.PHONY: demo test lint ci

# The invented guarantee and its invented evidence, judged at the hour of a morning report.
demo:
	@$(CASUS) run examples/guarantee/agreement.md \
		--evidence examples/guarantee/evidence.jsonl --now "2026-03-22 06:00"

# All tests, then the tests that stand inside the agreements.
test:
	cargo test --release --workspace
	$(CASUS) test examples

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo xtask tidy

ci:
	.ci/run
