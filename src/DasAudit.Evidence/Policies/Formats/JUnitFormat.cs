using System.Globalization;
using System.Xml;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Policies.Formats;

/// <summary>
/// JUnit's XML, which most build servers show: a suite a rule, in it a failed test for each error, a skipped one for
/// each that is waived, a passed one with its text for each warning and note, and a passed one where there is nothing.
/// </summary>
internal sealed class JUnitFormat : IPolicyFormat
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Indent = true,
        NewLineChars = "\n",
        CheckCharacters = true,
        OmitXmlDeclaration = false,
    };

    public string Name => "junit";

    public void Write(PolicyOutcome outcome, TextWriter writer)
    {
        var rules = outcome
            .Policy.Rules.Select(rule => rule.Description)
            .Concat(outcome.Findings.Select(finding => finding.Rule))
            .Distinct()
            .OrderBy(rule => rule.Id, StringComparer.Ordinal);
        using var xml = XmlWriter.Create(writer, Settings);
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", $"das-audit policy {VisibleText.Of(outcome.Policy.File)}");
        foreach (var rule in rules)
            WriteSuite(xml, rule, [.. outcome.Findings.Where(finding => finding.Rule == rule)]);
        xml.WriteEndElement();
        xml.Flush();
        writer.WriteLine();
    }

    private static void WriteSuite(XmlWriter xml, RuleDescription rule, List<PolicyFinding> findings)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", $"{rule.Id} {rule.Name}");
        xml.WriteAttributeString("tests", Number(Math.Max(1, findings.Count)));
        xml.WriteAttributeString("failures", Number(findings.Count(IsFailure)));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("skipped", Number(findings.Count(finding => finding.Waiver is not null)));
        if (findings.Count == 0)
            WriteCase(xml, rule, rule.Title, () => { });
        foreach (var finding in findings)
            WriteCase(xml, rule, CaseName(finding), () => WriteResult(xml, finding));
        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, RuleDescription rule, string name, Action writeResult)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", $"das-audit.{rule.Id}");
        xml.WriteAttributeString("name", VisibleText.Of(name));
        writeResult();
        xml.WriteEndElement();
    }

    private static void WriteResult(XmlWriter xml, PolicyFinding finding)
    {
        if (finding.Waiver is { } waiver)
        {
            xml.WriteStartElement("skipped");
            xml.WriteString($"{VisibleText.Of(waiver.Words)}\n{VisibleText.Of(finding.Message)}");
        }
        else if (IsFailure(finding))
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("type", finding.Rule.Id);
            xml.WriteAttributeString("message", VisibleText.Of(finding.Message));
            xml.WriteString(VisibleText.Of($"{finding.Subject.File}: {finding.Message}"));
        }
        else
        {
            xml.WriteStartElement("system-out");
            xml.WriteString(VisibleText.Of($"{finding.Severity.Name()}: {finding.Message}"));
        }

        xml.WriteEndElement();
    }

    private static string CaseName(PolicyFinding finding)
    {
        var about = finding.Subject.Item ?? finding.Subject.Holder;
        return about is null ? finding.Subject.File : $"{finding.Subject.File}: {about}";
    }

    private static bool IsFailure(PolicyFinding finding) => finding is { Waiver: null, Severity: PolicySeverity.Error };

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
