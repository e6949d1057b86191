# The commands of this repository. Each installs what it lacks, and says so first.
#
#   make demo                  the main job on real input; ends with "demo ok"
#   make test                  every check
#   make build                 .build/release/vmyna, vmyna-desk, libifdvmyna.so and the ready bundle
#   make bench [JSON=1]        speed, compared in one run with a do-nothing driver, openssl and vsmartcard
#   make docs                  the documentation site: .build/docs
#   make fuzz [SECONDS=60]     fuzzers, from the kept seeds (TARGET=engine-raw: one of them)
#   make test-clients          programs from Debian and PyPI against the card: Docs/Clients.md (installs many packages)
#   make test-desk [CHECKS=…]  the training desk in a real Chromium: Docs/Training.md
#   make torture [SECONDS=60]  kill tests: no free try, nothing lost; many clients at once, 200 000 APDUs (SECONDS=420: 10 000 kills)
#   make install               into this machine's pcscd: driver, readers, service, completions, manual pages
#   make deb                   .build/vmyna_VERSION_amd64.deb
#   make test-package          the package on bare Debian systems without Swift: install, use, remove
SHELL := /bin/sh
SECONDS ?= 60
SWIFT_FLAGS := --explicit-target-dependency-import-check error
RELEASE := -c release --static-swift-stdlib $(SWIFT_FLAGS)

.PHONY: demo test test-clients test-desk test-package build card bench fuzz torture install deb format clean build-tools \
	run-tools test-tools bench-tools docs

build: card
	@swift build $(RELEASE) --product vmyna-desk

# Without the training desk, whose web server takes longer to build than all the rest.
card: build-tools
	@swift build $(RELEASE) --product ifdvmyna
	@swift build $(RELEASE) --product vmyna
	@ifd-bundle/make-bundle.sh

demo: run-tools card
	@Scripts/demo.sh .build/release/vmyna

test: test-tools
	@Scripts/test.sh

test-clients: test-tools card
	@Tests/Clients/run.sh .build/release/vmyna $(CLIENTS)

test-desk: run-tools build
	@Scripts/as-root.sh Tests/RealDesk/run.sh .build/release/vmyna $(CHECKS)

bench: bench-tools card
	@swift build $(RELEASE) --product engine-benchmark
	@Benchmarks/build.sh
	@Scripts/as-root.sh /usr/bin/python3 -B Benchmarks/bench.py .build $(if $(JSON),--json)

docs: build-tools
	@Scripts/docs.sh

fuzz: build-tools
	@Fuzz/run.sh --seconds $(SECONDS) $(if $(KEEP),--keep) $(TARGET)

torture: test-tools card
	@Scripts/as-root.sh /usr/bin/python3 -B Tests/Torture/torture.py .build/release/vmyna $(SECONDS)
	@HAMMER_APDUS=200000 Scripts/as-root.sh Tests/RealClients/run.sh .build/release/vmyna hammer

install: build
	@packaging/install.sh

deb: build
	@Scripts/need-packages.sh dpkg-dev binutils gzip
	@packaging/deb/build.sh

test-package: deb
	@Scripts/need-packages.sh debootstrap lintian man-db zsh fish podman runc
	@Scripts/as-root.sh Tests/Package/run.sh

format:
	@swift format -i --recursive Sources Tests Fuzz Benchmarks Examples Package.swift

clean:
	@rm -rf .build

build-tools:
	@Scripts/need-swift.sh
	@Scripts/need-packages.sh build-essential pkg-config libpcsclite-dev libssl-dev libsqlite3-dev

run-tools: build-tools
	@Scripts/need-packages.sh pcscd opensc openssl python3 fonts-ipaexfont-gothic

bench-tools: run-tools
	@Scripts/need-packages.sh vsmartcard-vpcd vsmartcard-vpicc python3-cryptography python3-pycryptodome util-linux

test-tools: run-tools
	@Scripts/need-packages.sh pcsc-tools python3-pyscard vsmartcard-vpcd util-linux libopenjp2-tools tshark
