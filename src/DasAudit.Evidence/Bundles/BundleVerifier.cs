using System.Globalization;
using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Evidence.Signatures;
using DasAudit.Evidence.Signatures.Timestamps;

namespace DasAudit.Evidence.Bundles;

/// <summary>Finds out whether a bundle is what was made and signed; needs the bundle and public keys alone.</summary>
/// <param name="keys">Each must have signed it.</param>
/// <param name="authorities">One of these must have stamped the signatures; null for any or none.</param>
internal sealed class BundleVerifier(IReadOnlyList<VerificationKey> keys, TimestampAuthorities? authorities = null)
{
    private const int MostProblems = 10;

    private readonly List<BundleCheck> _checks = [];
    private readonly List<string> _notChecked = [];
    private readonly List<BundleSignature> _signatures = [];

    /// <summary>Reads and verifies a bundle.</summary>
    /// <exception cref="AuditException">There is no such file, or it is larger than any bundle.</exception>
    internal static byte[] ReadFile(string path, string shown)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new AuditException($"There is no file '{shown}'; name a bundle of 'reports bundle'.");
        return file.Length <= BundleReader.LargestFile
            ? File.ReadAllBytes(path)
            : throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{shown}' has more than {BundleReader.LargestFile >> 20} MiB, so it is no bundle; name another."
                )
            );
    }

    internal BundleVerification Verify(byte[] file)
    {
        var bundle = new BundleReader(file);
        Add("file", bundle.Problems, "it holds what a bundle holds, and nothing else");
        var reader = new ContentsReader(bundle);
        var contents = reader.Read();
        Add("parts", reader.Problems, $"each of its {contents?.Parts.Count} parts is what the manifest says");
        if (contents is not null && bundle.Problems.Count == 0 && reader.Problems.Count == 0)
            _checks.AddRange(RenderedParts.Check(contents));
        if (contents?.ModelSignature is { } signature)
            _checks.Add(CheckModelSignature(signature, contents.Report.Model));
        var envelope = Envelope(bundle, contents);
        CheckKeys(envelope);
        var timestamp = Timestamp(bundle);
        NoteLimits(contents, envelope);
        return new()
        {
            Parts = bundle.Parts.Count,
            Contents = contents,
            Envelope = envelope,
            Signatures = _signatures,
            HasTimestamp = bundle.Find(BundleNames.Timestamp) is not null,
            Timestamp = timestamp,
            Checks = _checks,
            NotChecked = _notChecked,
        };
    }

    private static BundleCheck CheckModelSignature(byte[] signature, ModelInfo model)
    {
        try
        {
            var (isAboutModel, what) = ModelSignature.Parse(signature).Compare(model);
            return new(BundleNames.ModelSignature, isAboutModel, what);
        }
        catch (FormatException e)
        {
            return new(BundleNames.ModelSignature, null, e.Message);
        }
    }

    private DsseEnvelope? Envelope(BundleReader bundle, BundleContents? contents)
    {
        if (bundle.Find(BundleNames.Statement) is not { } bytes)
            return null;
        try
        {
            var envelope = DsseEnvelope.Parse(bytes);
            var statement = ReportPredicate.Parse(envelope);
            if (contents is not null)
                Add("statement", Differences(statement, contents), "it is about this manifest, report and record");
            return envelope;
        }
        catch (JsonException)
        {
            Add("statement", ["it is not what was written"], "");
            return null;
        }
    }

    private static List<string> Differences(Statement<ReportPredicate> statement, BundleContents contents)
    {
        var expected = BundleStatement.Of(contents);
        var (said, found) = (statement.Predicate, expected.Predicate);
        List<string> differences = [];
        if (said.Report != found.Report)
            differences.Add($"it is about the report {said.Report?.Sha256}, and the bundle's is {found.Report.Sha256}");
        if (said.Manifest != found.Manifest)
            differences.Add($"it is about the manifest {said.Manifest}, and the bundle's is {found.Manifest}");
        if (said.Record != found.Record)
            differences.Add("it names another place in the chain than the bundle's record");
        if (said.Attributions != found.Attributions || said.Dataset != found.Dataset)
            differences.Add("it names other trees of attributions or pictures than the bundle's");
        if (!CanonicalJson.Serialize(statement).AsSpan().SequenceEqual(CanonicalJson.Serialize(expected)))
            differences.Add("its subjects are not the bundle's picture, model and dataset");
        return differences.Count > 1 ? differences[..^1] : differences;
    }

    private void CheckKeys(DsseEnvelope? envelope)
    {
        foreach (var signature in envelope?.Signatures ?? [])
        {
            var key = keys.FirstOrDefault(key => key.Id == signature.Keyid);
            var isValid = key is null ? null : envelope!.IsSignedBy(key);
            _signatures.Add(new(signature.Keyid, key?.Source, isValid));
            var what = isValid switch
            {
                true => $"by the key {signature.Keyid} ({key!.Source})",
                false => $"the signature of the key {signature.Keyid} ({key!.Source}) is not valid",
                null => $"by the key {signature.Keyid}, which was not given",
            };
            _checks.Add(new("signature", isValid, what));
        }

        foreach (var key in keys.Where(key => _signatures.TrueForAll(signature => signature.KeyId != key.Id)))
            _checks.Add(new("signature", false, $"it is not signed by the key {key.Id} ({key.Source})"));
    }

    private DateTimeOffset? Timestamp(BundleReader bundle)
    {
        if (bundle.Find(BundleNames.Timestamp) is not { } token)
        {
            if (authorities is not null)
                _checks.Add(new("timestamp", false, "it holds none"));
            else
                _notChecked.Add("When it was signed: it holds no time stamp. The report's own time is what it says.");
            return null;
        }

        try
        {
            var reading = TimestampReading.Of(token, bundle.Find(BundleNames.Statement) ?? [], authorities);
            var trust = authorities is null ? ", whose certificate was not given with --tsa-certificate" : "";
            var moment = reading.Time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
            var what = $"signed before {moment}, says {reading.Authority}{trust}";
            _checks.Add(new("timestamp", authorities is null ? null : true, what));
            return reading.Time;
        }
        catch (InvalidDataException e)
        {
            _checks.Add(new("timestamp", false, e.Message));
            return null;
        }
    }

    private void NoteLimits(BundleContents? contents, DsseEnvelope? envelope)
    {
        if (envelope is null)
            _notChecked.Add("Who made it: nobody signed it, so anybody can have made or changed it.");
        else if (keys.Count == 0)
            _notChecked.Add("Who signed it: give the signer's public key with --key, from elsewhere than the bundle.");
        else
            _notChecked.Add("Whose the keys are: that the given ones are the signers' must be known from elsewhere.");
        if (contents?.Record is null)
            _notChecked.Add("Its place in a chain: it holds no record.");
        else
            _notChecked.Add("Whether the store still holds the record: 'reports verify ID' and 'store check' tell.");
        if (contents?.ModelSignature is not null)
            _notChecked.Add(
                "Who signed the model: the verifier of OpenSSF model signing tells, given its signer's key."
            );
        _notChecked.Add("Whether the scores are right: only running the audit again tells.");
    }

    private void Add(string name, IReadOnlyList<string> problems, string passed)
    {
        if (problems.Count == 0)
            _checks.Add(new(name, true, passed));
        foreach (var problem in problems.Take(MostProblems))
            _checks.Add(new(name, false, problem));
        if (problems.Count > MostProblems)
            _checks.Add(
                new(
                    name,
                    false,
                    string.Create(CultureInfo.InvariantCulture, $"and {problems.Count - MostProblems} more")
                )
            );
    }
}
