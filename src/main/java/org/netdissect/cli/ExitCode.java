package org.netdissect.cli;

/** Exit codes of the process. */
final class ExitCode {
    /** Done; also help and version. */
    static final int DONE = 0;

    static final int FAILED = 1;
    static final int WRONG_INPUT = 2;
    /** Done, but a --require is not met. */
    static final int REQUIREMENT_UNMET = 3;

    private ExitCode() {}
}
