using System.Text;
using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Files;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;
using DasAudit.Evidence.Tests.Bundles;

namespace DasAudit.Evidence.Tests.Proofs;

public sealed class InclusionProofTests : IDisposable
{
    private readonly SampleBundle _bundle = new();

    [Fact]
    public void Every_item_is_proven_by_the_signed_statement_alone()
    {
        foreach (var picture in _bundle.Contents.Report.Attributions)
        {
            var verification = Verify(Proof(picture.Item), null, [_bundle.Public]);

            Assert.True(verification.Holds);
            Assert.Contains(
                $"lists '{picture.Item}' at rank {picture.Rank}",
                verification.Claim,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_root_or_the_bundle_proves_it_too()
    {
        var proof = Proof("faces/2.png") with { Envelope = null };

        Assert.Null(Verify(proof, null, []).Holds);
        Assert.True(Verify(proof, proof.Attributions.Root, []).Holds);
        Assert.False(Verify(proof, new string('0', 64), []).Holds);
        Assert.False(Verify(proof, null, [_bundle.Public]).Holds);
        Assert.True(Verify(proof, null, [_bundle.Public], _bundle.Verify(_bundle.File)).Holds);
        Assert.False(Verify(proof, null, [], _bundle.Verify(_bundle.With(BundleNames.Csv, []))).Holds);
    }

    [Fact]
    public void A_proof_shows_no_other_picture()
    {
        var json = Encoding.UTF8.GetString(CanonicalJson.Serialize(Proof("faces/2.png") with { Envelope = null }));

        foreach (var picture in _bundle.Contents.Report.Attributions.Where(picture => picture.Item != "faces/2.png"))
        {
            Assert.DoesNotContain(picture.Item, json, StringComparison.Ordinal);
            Assert.DoesNotContain(picture.Sha256, json, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Other_leaves_cannot_be_guessed_without_their_salt()
    {
        var tree = new AttributionTree(_bundle.Contents.ReportJson);
        var sibling = Convert.FromHexString(Proof("faces/1.png").Path[0]);

        Assert.Equal(AttributionTree.Leaf(tree.Salt(1), tree.Attribution(1)), sibling);
        Assert.NotEqual(AttributionTree.Leaf(tree.Salt(0), tree.Attribution(1)), sibling);
        Assert.NotEqual(HashTree.Leaf(tree.Attribution(1)), sibling);
    }

    [Fact]
    public void An_edited_proof_is_rejected()
    {
        var proof = Proof("faces/2.png");
        var score = JsonElement.Parse(
            proof.Attribution.GetRawText().Replace("\"rank\":2", "\"rank\":1", StringComparison.Ordinal)
        );
        InclusionProof[] edited =
        [
            proof with
            {
                Attribution = score,
            },
            proof with
            {
                Index = 2,
            },
            proof with
            {
                Index = -1,
            },
            proof with
            {
                Salt = new string('0', 64),
            },
            proof with
            {
                Salt = "0",
            },
            proof with
            {
                Path = [.. proof.Path.Reverse()],
            },
            proof with
            {
                Path = [],
            },
            proof with
            {
                Attributions = proof.Attributions with { Count = 4 },
            },
            proof with
            {
                Attributions = proof.Attributions with { Root = new string('0', 64) },
            },
            proof with
            {
                Report = SampleReport.Id(0),
            },
        ];

        Assert.All(edited, one => Assert.False(Verify(one, null, [_bundle.Public]).Holds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"schema\":\"das-audit/inclusion-proof/1\"}")]
    [InlineData("{\"schema\":\"das-audit/exclusion-proof/1\"}")]
    public void A_document_that_is_no_proof_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => Verify(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_proof_with_any_member_null_proves_nothing()
    {
        var proof = JsonSerializer.SerializeToNode(Proof("faces/2.png"), JsonDocuments.Options)!.AsObject();
        foreach (var member in proof.Select(member => member.Key).ToList())
        {
            var edited = proof.DeepClone().AsObject();
            edited[member] = null;
            try
            {
                Assert.NotEqual(true, Verify(Encoding.UTF8.GetBytes(edited.ToJsonString())).Holds);
            }
            catch (JsonException) { }
        }
    }

    [Fact]
    public void A_statement_of_another_key_proves_nothing()
    {
        using var stranger = SigningKey.Create();
        var forged = BundleAttacks.Edited(_bundle);
        var proof = InclusionProof.Of(forged.ReportJson, "faces/1.png", BundleWriter.Sign(forged, [stranger]));

        Assert.Null(Verify(proof, null, []).Holds);
        Assert.False(Verify(proof, null, [_bundle.Public]).Holds);
    }

    [Fact]
    public void An_item_that_is_not_listed_cannot_be_proven() =>
        Assert.Throws<AuditException>(() => Proof("faces/6.png"));

    public void Dispose() => _bundle.Dispose();

    private InclusionProof Proof(string item) => InclusionProof.Of(_bundle.Contents.ReportJson, item, _bundle.Envelope);

    private ProofVerification Verify(byte[] json) => new ProofVerifier(new(null, [_bundle.Public], null)).Verify(json);

    private static ProofVerification Verify(
        InclusionProof proof,
        string? root,
        IReadOnlyList<VerificationKey> keys,
        BundleVerification? bundle = null
    ) =>
        new ProofVerifier(new(root, keys, bundle)).Verify(
            JsonSerializer.SerializeToUtf8Bytes(proof, JsonDocuments.Options)
        );
}
