using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Signatures;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Bundles;

/// <summary>A bundle of the second of two stored reports, signed by one key.</summary>
internal sealed class SampleBundle : IDisposable
{
    internal SampleBundle()
    {
        using var folder = new TempFolder();
        Contents = BundleBuilder.Build(SampleReport.Create(1), Place(folder["audits.db"]), null, null);
        Envelope = BundleWriter.Sign(Contents, [Key])!;
        File = BundleWriter.Write(Contents, Envelope, null);
        Public = VerificationKey.Parse(Key.PublicPem, "lab.pub.pem");
    }

    internal SigningKey Key { get; } = SigningKey.Create();

    internal VerificationKey Public { get; }

    internal BundleContents Contents { get; }

    internal DsseEnvelope Envelope { get; }

    internal byte[] File { get; }

    /// <summary>The files in it, in their order.</summary>
    internal List<BundlePart> Parts => [.. new BundleReader(File).Parts];

    internal BundleVerification Verify(byte[] file) => new BundleVerifier([Public]).Verify(file);

    /// <summary>The bundle with another file in the place of one, and nothing else changed.</summary>
    internal byte[] With(string name, byte[] bytes) =>
        StoredZip.Write([.. Parts.Select(part => part.Name == name ? part with { Bytes = bytes } : part)]);

    internal byte[] Part(string name) => Parts.Single(part => part.Name == name).Bytes;

    public void Dispose()
    {
        Key.Dispose();
        Public.Dispose();
    }

    private static BundledRecord Place(string path)
    {
        using var store = ReportStore.Open(path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create(0));
        store.Add(SampleReport.Create(1));
        var connection = new StoreConnection(path, TimeProvider.System);
        var head = connection.Read(connection.Tail)!.Head;
        return new(head.Store, store.Record(RecordKind.Report, SampleReport.Id(1))!);
    }
}
