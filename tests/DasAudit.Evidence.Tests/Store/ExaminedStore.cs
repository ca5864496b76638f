using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

/// <summary>A store of sample reports, to be damaged and looked at.</summary>
internal sealed class ExaminedStore
{
    private const int Reports = 8;
    private readonly string _path;
    private readonly Dictionary<string, string> _stored = [];

    internal ExaminedStore(string path)
    {
        _path = path;
        using var store = ReportStore.Open(path, StoreAccess.ReadWrite);
        for (var number = 0; number < Reports; number++)
        {
            var report = SampleReport.Create(number, attributions: 20);
            store.Add(report);
            _stored[report.Report.Id] = ReportJson.Serialize(report.Report);
        }

        Database = File.ReadAllBytes(path);
        Head = File.ReadAllBytes(HeadPath);
    }

    /// <summary>The sound database.</summary>
    internal byte[] Database { get; }

    /// <summary>The sound head file.</summary>
    internal byte[] Head { get; }

    private string HeadPath => _path + ".head";

    internal void Reset()
    {
        File.WriteAllBytes(_path, Database);
        File.WriteAllBytes(HeadPath, Head);
    }

    internal StoreCheckResult Check() => Check(_path);

    /// <summary>Checks any store.</summary>
    internal static StoreCheckResult Check(string path, ChainHead? anchor = null) =>
        new StoreChecker(new StoreConnection(path, TimeProvider.System), anchor).Run(
            cancellation: TestContext.Current.CancellationToken
        );

    /// <summary>Puts a damaged database in place and checks it. What the check passes must be read as it was.</summary>
    internal bool IsNoticed(byte[] damaged)
    {
        Reset();
        File.WriteAllBytes(_path, damaged);
        var isSound = IsSound();
        if (isSound)
        {
            using var store = ReportStore.Open(_path, StoreAccess.ReadOnly);
            foreach (var (id, json) in _stored)
                Assert.Equal(json, ReportJson.Serialize(store.Get(id).Report));
            Assert.Equal(_stored.Values.Order(), store.Query(ReportFilter.All).Select(ReportJson.Serialize).Order());
        }

        Assert.Equal(damaged, File.ReadAllBytes(_path));
        return !isSound;
    }

    /// <summary>
    /// Then adds a report, which must end in a sentence that changes nothing, or leave all that could be read as it
    /// was.
    /// </summary>
    internal void AddTo(byte[] damaged)
    {
        var isSound = !IsNoticed(damaged);
        var readable = Readable();
        try
        {
            using var store = ReportStore.Open(_path, StoreAccess.ReadWrite);
            store.Add(SampleReport.Create(Reports, attributions: 20));
        }
        catch (AuditException)
        {
            Assert.Equal(damaged, File.ReadAllBytes(_path));
            Assert.Equal(Head, File.ReadAllBytes(HeadPath));
            return;
        }

        Assert.Subset(Readable(), readable);
        Assert.Equal(isSound, IsSound());
    }

    // A file that is no longer recognised as a store is not checked but refused.
    private bool IsSound()
    {
        try
        {
            return Check().IsSound;
        }
        catch (AuditException)
        {
            return false;
        }
    }

    // Ids of reports that can be read, and each is what was stored. A store that met damage is not asked again.
    private HashSet<string> Readable()
    {
        var readable = new HashSet<string>();
        foreach (var (id, json) in _stored)
        {
            try
            {
                var store = ReportStore.Open(_path, StoreAccess.ReadOnly);
                Assert.Equal(json, ReportJson.Serialize(store.Get(id).Report));
                readable.Add(id);
            }
            catch (AuditException) { }
        }

        return readable;
    }
}
