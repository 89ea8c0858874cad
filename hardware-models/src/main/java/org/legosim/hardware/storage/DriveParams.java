package org.legosim.hardware.storage;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/**
 * A solid-state drive behind PCIe. Defaults are a Samsung PM1725 of the 2.5-inch form: four lanes of
 * PCIe Gen3, flash of 16 KiB pages, buffers that survive a loss of power.
 */
public record DriveParams(
    @Parameter(
        key = "storage.drive.preset",
        unit = Unit.TEXT,
        defaultValue = "pm1725",
        doc = "Name of the set of drive constants that the machine file chose, for reports")
    String preset,

    @Parameter(
        key = "storage.drive.queueDepth",
        unit = Unit.COUNT,
        defaultValue = "1023",
        range = "1..65535",
        doc = "Commands that may be in flight; one more waits for the oldest.",
        source = "Linux nvme: a queue of 1024 entries, one of which stays free",
        status = Status.CHOICE)
    int queueDepth,

    @Parameter(
        key = "storage.drive.channels",
        unit = Unit.COUNT,
        defaultValue = "16",
        range = "1..256",
        doc = "Buses between controller and flash; each carries one transfer at a time.",
        source = "not published for this drive; usual for its class",
        status = Status.CHOICE)
    int channels,

    @Parameter(
        key = "storage.drive.dies",
        unit = Unit.COUNT,
        defaultValue = "128",
        range = "1..4096",
        doc = "Flash dies, spread over the channels; each reads one page at a time.",
        source = "not published for this drive; usual for its class",
        status = Status.CHOICE)
    int dies,

    @Parameter(
        key = "storage.drive.flashPage",
        unit = Unit.BYTES,
        defaultValue = "16 KiB",
        range = "4 KiB..1 MiB",
        doc = "What a die reads at once; neighbouring pages lie on different dies.",
        source = "usual for the flash of that time",
        status = Status.CHOICE)
    long flashPageBytes,

    @Parameter(
        key = "storage.drive.command",
        unit = Unit.PS,
        defaultValue = "5.5 us",
        doc = "From the doorbell to the completion of a command that moves no data: fetching it,"
            + " the firmware's part that every command has, the completion entry.",
        source = "fitted: a flush of a drive whose buffers survive a loss of power is nothing else",
        status = Status.MEASURED,
        fittedTo = "storage-throughput;pattern=sequential-write;bytes=4096;system=linux")
    Constant command,

    @Parameter(
        key = "storage.drive.data",
        unit = Unit.PS,
        defaultValue = "7.3 us",
        doc =
            "The firmware's part of a command that moves data: buffer, transfer set-up, checksum.",
        source = "fitted: a sequential read finds its data in the drive's buffer",
        status = Status.MEASURED,
        fittedTo = "storage-throughput;pattern=sequential-read;bytes=4096;system=linux")
    Constant data,

    @Parameter(
        key = "storage.drive.locate",
        unit = Unit.PS,
        defaultValue = "2.8 us",
        doc = "Looking up or changing the flash translation of a place that does not follow on a"
            + " command before.",
        source = "fitted: what a random write takes longer than a sequential one",
        status = Status.MEASURED,
        fittedTo = "storage-throughput;pattern=random-write;bytes=4096;system=linux")
    Constant locate,

    @Parameter(
        key = "storage.drive.flashRead",
        unit = Unit.PS,
        defaultValue = "62 us",
        doc = "From a die's command to the page in its register.",
        source = "fitted: all of a random read that is not controller, bus and kernel",
        status = Status.MEASURED,
        fittedTo = "storage-throughput;pattern=random-read;bytes=4096;system=linux")
    Constant flashRead,

    @Parameter(
        key = "storage.drive.channelRate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "3.2 Gbit/s",
        range = "100 Mbit/s..100 Gbit/s",
        doc = "Rate of a channel.",
        source = "ONFI 3 and Toggle 2: up to 400 MB/s",
        status = Status.ASSUMED)
    Constant channelBitsPerSecond,

    @Parameter(
        key = "storage.drive.linkRate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "26.4 Gbit/s",
        range = "100 Mbit/s..1 Tbit/s",
        doc = "Payload rate of the drive's slot, each direction.",
        source = "PCIe Gen3 x4: 31.5 Gbit/s after the code, 24 bytes of header for each 256 of"
            + " payload, link-layer packets as in hardware.network.PcieRate",
        status = Status.DERIVED)
    Constant linkBitsPerSecond,

    @Parameter(
        key = "storage.drive.readInterval",
        unit = Unit.PS,
        defaultValue = "1333 ns",
        doc = "Between the starts of two reads when many are in flight.",
        source = "Samsung PM1725, 2.5 inch: 750,000 reads of 4 KiB a second; from memory",
        status = Status.ASSUMED)
    Constant readInterval,

    @Parameter(
        key = "storage.drive.writeInterval",
        unit = Unit.PS,
        defaultValue = "8333 ns",
        doc = "Between two pages of 4 KiB at random places that go from the buffer to flash.",
        source = "Samsung PM1725, 2.5 inch: 120,000 writes of 4 KiB a second; from memory",
        status = Status.ASSUMED)
    Constant writeInterval,

    @Parameter(
        key = "storage.drive.writeRate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "16 Gbit/s",
        range = "10 Mbit/s..1 Tbit/s",
        doc = "Rate at which sequential data goes from the buffer to flash.",
        source = "Samsung PM1725, 2.5 inch: 2,000 MB/s of sequential writes; from memory",
        status = Status.ASSUMED)
    Constant writeBitsPerSecond,

    @Parameter(
        key = "storage.drive.writeBuffer",
        unit = Unit.BYTES,
        defaultValue = "16 MiB",
        range = "4 KiB..64 GiB",
        doc = "Written data that the drive holds before it is in flash.",
        source = "not published",
        status = Status.CHOICE)
    long writeBufferBytes,

    @Parameter(
        key = "storage.drive.readBuffer",
        unit = Unit.BYTES,
        defaultValue = "16 MiB",
        range = "64 KiB..64 GiB",
        doc = "Flash pages that the drive keeps of what it read ahead.",
        source = "not published",
        status = Status.CHOICE)
    long readBufferBytes,

    @Parameter(
        key = "storage.drive.lookAhead",
        unit = Unit.BYTES,
        defaultValue = "512 KiB",
        range = "0 B..64 MiB",
        doc =
            "What the drive reads ahead of a read that follows on another; 0 for a drive that does"
                + " not.",
        source = "not published; it must cover a page's read at the rate of a reader",
        status = Status.CHOICE)
    long lookAheadBytes,

    @Parameter(
        key = "storage.drive.powerLossProtection",
        unit = Unit.FLAG,
        defaultValue = "true",
        doc =
            "Written data is safe once the drive has it; false: a flush waits until it is in flash.",
        source = "Samsung PM1725: capacitors",
        status = Status.CHOICE)
    boolean isProtected) {}
