using System.Globalization;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>What the files of an export are called.</summary>
internal static class ExportNames
{
    internal const string Head = "head.json";
    internal const string Sums = "SHA256SUMS";
    internal const string ReadMe = "README.txt";

    /// <summary>For people who find the files without the tool.</summary>
    internal const string ReadMeText = """
        All records of a das-audit store, as plain files. No tool of das-audit is needed to read or verify them.

        head.json             how many records there are, and the hash of the last
        records/NNNNNNNN.json one for each report and evaluation, in the order in which they were stored
        reports/ID.json       the reports
        evaluations/ID.json   the evaluations
        pictures/SHA256.png   the small pictures that the reports show
        SHA256SUMS            the hash of each of these files

        Every JSON file is canonical (RFC 8785) and ends without a line feed, so that the SHA-256 of the file is the
        hash of the document. To verify:

        1. sha256sum --check SHA256SUMS
        2. "sha256" in each record is the hash of the report or evaluation that it names; "pictures" names the small
           picture of each pictured file.
        3. "previous" in each record is the hash of the record's file before it. In record 1 it is the hash of
           {"schema":"das-audit/chain/1","store":"ID"}, where ID is the "store" of head.json.
        4. "hash" in head.json is the hash of the last record's file.

        A store is made of them again by: dotnet das-audit store restore THIS --store FILE

        """;

    internal static string Record(long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"records/{sequence:00000000}.json");

    /// <summary>The document that a record is about.</summary>
    internal static string Document(ChainRecord record) => $"{StoredRecords.Word(record.Kind)}s/{record.Id}.json";

    internal static string Picture(string sha256) => $"pictures/{sha256}.png";
}
