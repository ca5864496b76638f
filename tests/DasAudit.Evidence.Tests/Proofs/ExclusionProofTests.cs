using System.Text.Json;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Tests.Proofs;

public sealed class ExclusionProofTests : IDisposable
{
    private readonly SigningKey _key = SigningKey.Create();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_hash_that_is_absent_is_proven_so_wherever_it_would_stand(int pictures)
    {
        var set = Set(pictures);
        foreach (var of in new[] { ExclusionProof.Files, ExclusionProof.Pixels })
            for (var i = 0; i < 20; i++)
                Assert.True(Verify(set, Prove(set, of, SampleReport.Sha256($"absent {i}"))!));
        Assert.True(Verify(set, Prove(set, ExclusionProof.Files, new string('0', 64))!));
        Assert.True(Verify(set, Prove(set, ExclusionProof.Files, new string('f', 64))!));
    }

    [Fact]
    public void A_hash_that_is_there_cannot_be_proven_absent()
    {
        var set = Set(7);

        foreach (var item in set.Items)
        {
            Assert.Null(Prove(set, ExclusionProof.Files, item.Sha256));
            Assert.Null(Prove(set, ExclusionProof.Pixels, item.PixelSha256));
        }
    }

    [Fact]
    public void An_edited_proof_is_rejected()
    {
        var set = Set(7);
        var proof = Enumerable
            .Range(0, 100)
            .Select(i => Prove(set, ExclusionProof.Files, SampleReport.Sha256($"absent {i}"))!)
            .First(proof => proof is { Below.Index: > 0, Above: not null });
        var hashes = PictureHashes.OfFiles(set);
        var lower = proof.Below!.Index - 1;
        ExclusionProof[] edited =
        [
            proof with
            {
                Sha256 = proof.Above!.Sha256,
            },
            proof with
            {
                Sha256 = hashes.At(lower),
            },
            proof with
            {
                Sha256 = proof.Sha256.ToUpperInvariant(),
            },
            proof with
            {
                Above = null,
            },
            proof with
            {
                Below = null,
            },
            proof with
            {
                Above = null,
                Below = null,
            },
            proof with
            {
                Of = ExclusionProof.Pixels,
            },
            proof with
            {
                Of = "names",
            },
            proof with
            {
                Below = new(hashes.At(lower), lower, Texts(hashes.Path(lower))),
            },
            proof with
            {
                Below = proof.Below with { Index = lower },
            },
            proof with
            {
                Below = proof.Below with { Path = [] },
            },
            proof with
            {
                Pictures = proof.Pictures with { Count = 8 },
            },
            proof with
            {
                Dataset = "another",
            },
            proof with
            {
                Report = SampleReport.Id(9),
            },
        ];

        Assert.True(Verify(set, proof));
        Assert.All(edited, one => Assert.False(Verify(set, one)));
    }

    public void Dispose() => _key.Dispose();

    private static ExclusionProof? Prove(TrainingSet set, string of, string sha256) =>
        ExclusionProof.Make(Report(set), set, of, sha256);

    private bool Verify(TrainingSet set, ExclusionProof proof)
    {
        using var key = VerificationKey.Parse(_key.PublicPem, "lab.pub.pem");
        var sample = SampleReport.Create() with { Report = Report(set) };
        var contents = BundleBuilder.Build(sample, null, DatasetRoots.Of(set), null);
        var signed = proof with { Envelope = BundleWriter.Sign(contents, [_key]) };
        var json = JsonSerializer.SerializeToUtf8Bytes(signed, JsonDocuments.Options);
        return new ProofVerifier(new(null, [key], null)).Verify(json).Holds == true;
    }

    private static AuditReport Report(TrainingSet set)
    {
        var report = SampleReport.Create().Report;
        return report with { Dataset = report.Dataset with { Root = set.Root } };
    }

    private static List<string> Texts(IReadOnlyList<byte[]> hashes) => [.. hashes.Select(Convert.ToHexStringLower)];

    private static TrainingSet Set(int pictures)
    {
        var items = Enumerable
            .Range(0, pictures)
            .Select(i => new TrainingItem
            {
                Index = i,
                Path = $"{i}.png",
                Sha256 = SampleReport.Sha256($"file {i}"),
                // Two files show the same pixels.
                PixelSha256 = SampleReport.Sha256($"pixels {i / 2}"),
                Width = 1,
                Height = 1,
            });
        return new("dataset", [.. items], [], _ => throw new InvalidOperationException());
    }
}
