using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Bundles;

/// <summary>Verifies proofs of inclusion and of non-inclusion.</summary>
internal sealed class ProofVerifier(ProofAnchors anchors)
{
    private readonly List<BundleCheck> _checks = [];
    private bool _isAnchored;

    /// <summary>Reads and verifies a proof.</summary>
    /// <exception cref="JsonException">The document is none.</exception>
    internal ProofVerification Verify(byte[] json)
    {
        using var document = JsonDocuments.Parse(json);
        var schema =
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("schema", out var name)
                ? name.GetString()
                : null;
        return schema switch
        {
            InclusionProof.SchemaId when Read<InclusionProof>(json) is { Attributions: not null } proof => Verify(
                proof
            ),
            ExclusionProof.SchemaId when Read<ExclusionProof>(json) is { Pictures: not null } proof => Verify(proof),
            _ => throw new JsonException("The document is no proof."),
        };
    }

    private ProofVerification Verify(InclusionProof proof)
    {
        Add(
            "path",
            proof.LeadsToItsRoot(),
            "the attribution leads to the root",
            "the attribution does not lead to the root"
        );
        Anchor(proof.Report, proof.Attributions, proof.Envelope, statement => statement.Attributions);
        var (item, score) = (Text(proof.Attribution, "item"), Text(proof.Attribution, "score"));
        var rank = Text(proof.Attribution, "rank");
        return Result(
            proof.Report,
            $"the report {proof.Report} lists '{item}' at rank {rank} with the score {score}",
            "Which other pictures the report lists: the proof does not show them."
        );
    }

    private ProofVerification Verify(ExclusionProof proof)
    {
        const string Good = "the hash would stand between two neighbours in the tree";
        const string Bad = "the neighbours do not show that the hash is absent";
        Add("neighbours", proof.HoldsInItsTree(), Good, Bad);
        Anchor(proof.Report, proof.Pictures, proof.Envelope, statement => Tree(proof, statement));
        return Result(
            proof.Report,
            $"no picture of the dataset of the report {proof.Report} has the SHA-256 {proof.Sha256} of its {proof.Of}",
            "Whether the dataset holds it in another form: cropped, resized or encoded anew it has another hash."
        );
    }

    private static TreeRoot? Tree(ExclusionProof proof, ReportPredicate statement) =>
        statement.Dataset is not { } dataset || dataset.Root != proof.Dataset ? null
        : proof.Of == ExclusionProof.Files ? dataset.Files
        : dataset.Pixels;

    private void Anchor(string report, TreeRoot tree, DsseEnvelope? envelope, Func<ReportPredicate, TreeRoot?> treeOf)
    {
        if (anchors.Root is { } root)
        {
            _isAnchored = true;
            Add("root", root == tree.Root, "it is the given one", $"it is {tree.Root}, and the given one is {root}");
        }

        if (anchors.Bundle is { } bundle)
            CheckBundle(bundle, report, tree, treeOf);
        if (envelope is not null)
            CheckEnvelope(envelope, report, tree, treeOf);
        else if (anchors.Bundle is null)
            foreach (var key in anchors.Keys)
                _checks.Add(new("signature", false, $"the proof holds no statement signed by {key.Id} ({key.Source})"));
    }

    private void CheckBundle(
        BundleVerification bundle,
        string report,
        TreeRoot tree,
        Func<ReportPredicate, TreeRoot?> treeOf
    )
    {
        _checks.AddRange(bundle.Checks.Where(check => check.Passed != true || check.Name == "signature"));
        if (bundle.Contents is not { } contents)
            return;
        _isAnchored = true;
        Compare("bundle", BundleStatement.Of(contents).Predicate, report, tree, treeOf);
    }

    private void CheckEnvelope(
        DsseEnvelope envelope,
        string report,
        TreeRoot tree,
        Func<ReportPredicate, TreeRoot?> treeOf
    )
    {
        var statement = ReportPredicate.Parse(DsseEnvelope.Parse(envelope.ToJson()));
        Compare("statement", statement.Predicate, report, tree, treeOf);
        foreach (var key in anchors.Keys)
        {
            var isSigned = envelope.IsSignedBy(key) == true;
            _isAnchored |= isSigned;
            var shown = $"the key {key.Id} ({key.Source})";
            Add(
                "signature",
                isSigned,
                $"the statement is signed by {shown}",
                $"the statement is not signed by {shown}"
            );
        }
    }

    private void Compare(
        string name,
        ReportPredicate said,
        string report,
        TreeRoot tree,
        Func<ReportPredicate, TreeRoot?> treeOf
    ) =>
        Add(
            name,
            said.Report.Id == report && treeOf(said) == tree,
            "it names this report and this root",
            treeOf(said) is null ? "it names no such tree" : "it names another report or another root"
        );

    private ProofVerification Result(string report, string claim, string limit)
    {
        List<string> notChecked = [limit];
        if (!_isAnchored)
            notChecked.Insert(
                0,
                "Whether the root is the report's: give --root, or --bundle, or the --key that signed the statement."
            );
        return new(report, claim, _isAnchored, _checks, notChecked);
    }

    private void Add(string name, bool passed, string good, string bad) =>
        _checks.Add(new(name, passed, passed ? good : bad));

    private static string Text(JsonElement attribution, string member) =>
        attribution.ValueKind == JsonValueKind.Object && attribution.TryGetProperty(member, out var value)
            ? value.ToString()
            : "?";

    private static T Read<T>(byte[] json) =>
        JsonSerializer.Deserialize<T>(json, JsonDocuments.Options) ?? throw new JsonException("The document is null.");
}
