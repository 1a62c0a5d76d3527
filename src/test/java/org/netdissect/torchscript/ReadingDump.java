package org.netdissect.torchscript;

import java.nio.file.Path;
import org.netdissect.base.GridSize;

class ReadingDump {
    public static void main(String[] args) throws Exception {
        TorchScriptArchive archive = TorchScriptArchive.open(Path.of(args[0]));
        int size = Integer.parseInt(args[1]);
        ReceptiveFields fields = archive.receptiveFields(new GridSize(size, size));
        for (ModuleNode node : archive.modules()) {
            Reading r = fields.reading(node.name());
            String text = r instanceof Reading.Maps m
                    ? m.maps().text() + " " + m.maps().units() + " x "
                            + m.maps().map()
                    : r.toString();
            System.out.println(
                    node.name() + " " + node.simpleType() + ": " + text + " | " + TinyNet.text(fields, node.name()));
        }
    }
}
