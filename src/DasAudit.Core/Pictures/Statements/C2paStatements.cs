using System.Formats.Cbor;
using System.Text.Json;

namespace DasAudit.Core.Pictures.Statements;

/// <summary>Statements on training and mining in a C2PA manifest store, by C2PA 1.x and by CAWG.</summary>
/// <remarks>Only manifests in the file are read; one that lies elsewhere is not fetched.</remarks>
internal static class C2paStatements
{
    private const string NotChecked =
        "The assertion was read as it stands in the file; the signature of its claim, the certificate, and whether the "
        + "claim is about these pixels were not checked.";

    private static readonly string[] Labels = ["c2pa.training-mining", "cawg.training-mining"];

    public static void Read(ReadOnlyMemory<byte> store, StatementList found)
    {
        try
        {
            List<JumbfBox> manifests =
            [
                .. JumbfBox
                    .Read(store)
                    .Where(box => box.Label == "c2pa")
                    .SelectMany(box => box.Inner)
                    .Where(box => box.Label is not null),
            ];
            foreach (var (i, manifest) in manifests.Index())
                Read(manifest, isActive: i == manifests.Count - 1, found);
        }
        catch (InvalidDataException e)
        {
            found.AddProblem($"Its C2PA manifest store is damaged: {e.Message}.");
        }
    }

    private static void Read(JumbfBox manifest, bool isActive, StatementList found)
    {
        var assertions = manifest.Inner.Where(box => box.Label == "c2pa.assertions").SelectMany(box => box.Inner);
        foreach (var assertion in assertions)
            // A second assertion of the same kind has a number: "label__1".
            if (assertion.Label?.Split("__")[0] is { } label && Labels.Contains(label))
                Read(assertion, label, isActive ? "C2PA manifest" : "earlier C2PA manifest", found);
    }

    private static void Read(JumbfBox assertion, string label, string place, StatementList found)
    {
        try
        {
            var content = assertion.Inner.FirstOrDefault(box => box.Type is "cbor" or "json");
            var uses = content.Type switch
            {
                "cbor" => TrainingMining.ReadCbor(content.Content),
                "json" => TrainingMining.ReadJson(content.Content),
                _ => throw new InvalidDataException("it has no content"),
            };
            found.Add(TrainingMining.Signal(label, uses, $"{place}, assertion {label}") with { Checked = NotChecked });
        }
        catch (Exception e)
            when (e
                    is InvalidDataException
                        or CborContentException
                        or InvalidOperationException
                        or OverflowException
                        or JsonException
            )
        {
            found.AddProblem($"Its C2PA assertion {label} cannot be read.");
        }
    }
}
