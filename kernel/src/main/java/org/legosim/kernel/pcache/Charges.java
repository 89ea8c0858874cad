package org.legosim.kernel.pcache;

import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Ledger;

/** The costs of {@link PcacheCosts} at work in one simulation. */
final class Charges {
  final Cost walk;
  final Cost tableAllocate;
  final Cost allocate;
  final Cost listUpdate;
  final Cost bitmapTest;
  final Cost find;
  final Cost scanLine;
  final Cost handOver;
  final Cost pteLock;
  final Cost pteUpdate;
  final Cost rmapAdd;
  final Cost rmapRemove;
  final Cost kmalloc;
  final Cost release;
  final Cost evictionInsert;
  final Cost evictionRemove;
  final Cost evictionLookup;
  final Cost evictionPoll;
  final Cost copy;
  final Cost clear;
  final Cost flushPrepare;
  final Cost victimAllocate;
  final Cost victimScan;
  final Cost victimInsert;
  final Cost victimRelease;
  final Cost victimPoll;
  final Cost sweepSet;
  final Cost sweepLine;
  final Cost markPage;
  final Cost visitTable;
  final Cost visitPage;
  final Cost zapPage;
  final Cost movePage;
  final Cost forkPage;
  final Cost prefetchDetect;
  final Cost prefetchRequest;
  final Cost prefetchPoll;

  Charges(Ledger ledger, PcacheCosts costs) {
    walk = ledger.cost(costs.walk());
    tableAllocate = ledger.cost(costs.tableAllocate());
    allocate = ledger.cost(costs.allocate());
    listUpdate = ledger.cost(costs.listUpdate());
    bitmapTest = ledger.cost(costs.bitmapTest());
    find = ledger.cost(costs.find());
    scanLine = ledger.cost(costs.scanLine());
    handOver = ledger.cost(costs.handOver());
    pteLock = ledger.cost(costs.pteLock());
    pteUpdate = ledger.cost(costs.pteUpdate());
    rmapAdd = ledger.cost(costs.rmapAdd());
    rmapRemove = ledger.cost(costs.rmapRemove());
    kmalloc = ledger.cost(costs.kmalloc());
    release = ledger.cost(costs.release());
    evictionInsert = ledger.cost(costs.evictionInsert());
    evictionRemove = ledger.cost(costs.evictionRemove());
    evictionLookup = ledger.cost(costs.evictionLookup());
    evictionPoll = ledger.cost(costs.evictionPoll());
    copy = ledger.cost(costs.copy());
    clear = ledger.cost(costs.clear());
    flushPrepare = ledger.cost(costs.flushPrepare());
    victimAllocate = ledger.cost(costs.victimAllocate());
    victimScan = ledger.cost(costs.victimScan());
    victimInsert = ledger.cost(costs.victimInsert());
    victimRelease = ledger.cost(costs.victimRelease());
    victimPoll = ledger.cost(costs.victimPoll());
    sweepSet = ledger.cost(costs.sweepSet());
    sweepLine = ledger.cost(costs.sweepLine());
    markPage = ledger.cost(costs.markPage());
    visitTable = ledger.cost(costs.visitTable());
    visitPage = ledger.cost(costs.visitPage());
    zapPage = ledger.cost(costs.zapPage());
    movePage = ledger.cost(costs.movePage());
    forkPage = ledger.cost(costs.forkPage());
    prefetchDetect = ledger.cost(costs.prefetchDetect());
    prefetchRequest = ledger.cost(costs.prefetchRequest());
    prefetchPoll = ledger.cost(costs.prefetchPoll());
  }
}
