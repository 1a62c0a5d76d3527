package org.netdissect.cli;

/** Exit codes of the process. */
final class ExitCode {
    /** Done; also help and version. */
    static final int DONE = 0;
    /** The run failed. */
    static final int FAILED = 1;
    /** Wrong usage or input. */
    static final int WRONG_INPUT = 2;
    /** Done, but a --require is not met. */
    static final int REQUIREMENT_UNMET = 3;

    private ExitCode() {}
}
