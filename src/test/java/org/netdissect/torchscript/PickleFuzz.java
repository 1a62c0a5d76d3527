package org.netdissect.torchscript;

import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;

/** Any bytes as the head of a pickle. */
public final class PickleFuzz {
    private PickleFuzz() {}

    /** Called by Jazzer, and by FuzzRegressionTest with what Jazzer found. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            PickleReader.firstGlobal("fuzz.pkl", data);
        } catch (InputException e) {
            FuzzFolder.expectClear(e, "fuzz.pkl");
        }
    }
}
